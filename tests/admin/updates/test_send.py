"""Send an update from the admin."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from tests.admin.people import make_user
from wagtail_petition import jobs
from wagtail_petition.models import OutgoingEmail, PetitionLogEntry, Update
from wagtail_petition.models.update import version
from wagtail_petition.updates import sending

pytestmark = pytest.mark.django_db
State = Update.State


@pytest.fixture
def update_page(make_update, settings):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "BACKGROUND": "worker"}
    return make_update()


@pytest.fixture
def signers(page, make_signature):
    """Let people sign who want news, one for each set of fields."""

    def make(*people):
        for number, fields in enumerate(people):
            address = f"signer{number}@example.org"
            make_signature(**{"email": address, "wants_news": True, **fields})
        OutgoingEmail.objects.all().delete()

    return make


@pytest.fixture
def user(page, client):
    """A logged-in user who may send updates of the petition."""
    made = make_user("sender", "send_update", pages=[page])
    made.email = "editor@example.org"
    made.save()
    client.force_login(made)
    return made


@pytest.fixture
def post(client, update_page):
    """Post a form of the update's page; returns the page that follows, parsed."""

    def post(action, **data):
        url = reverse("petition_updates:send", args=[update_page.pk])
        response = client.post(url, {"action": action, **data}, follow=True)
        assert response.status_code == 200
        return BeautifulSoup(response.content, "html.parser")

    return post


@pytest.fixture
def count(client, update_page):
    """The text of the live number for an audience."""

    def count(query=""):
        url = reverse("petition_updates:audience", args=[update_page.pk])
        response = client.get(f"{url}?{query}")
        text = BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)
        return " ".join(text.split())

    return count


def said(soup):
    return " ".join(each.get_text(" ", strip=True) for each in soup.select(".messages li"))


def test_test_then_send_then_everybody_has_it(user, signers, post, mailoutbox):
    signers({}, {"country": "FR"})
    soup = post("test")
    assert "1 test email sent to editor@example.org." in said(soup)
    assert [mail.to for mail in mailoutbox] == [["editor@example.org"]]
    assert mailoutbox[0].subject == "Test: The minister has answered"
    assert "Sending has started." in said(post("send"))
    jobs.send_mails()
    assert sorted(mail.to[0] for mail in mailoutbox[1:]) == [
        *("signer0@example.org", "signer1@example.org")
    ]
    entries = PetitionLogEntry.objects.order_by("pk").values_list("action", "user")
    assert list(entries) == [
        ("wagtail_petition.test_update", user.pk),
        ("wagtail_petition.send_update", user.pk),
    ]


def test_not_before_it_was_tested(user, signers, post, mailoutbox):
    signers({})
    assert "Send yourself test emails first" in said(post("send"))
    assert not Update.objects.exclude(state=State.DRAFT).exists()


@pytest.mark.usefixtures("user")
def test_a_change_needs_a_new_test(signers, post, update_page):
    signers({})
    post("test")
    update_page.title = "The minister has answered again"
    update_page.save_revision().publish()
    assert "Send yourself test emails first" in said(post("send"))


@pytest.mark.usefixtures("user")
def test_each_language_is_tested(page, translated, update_page, italian, post, mailoutbox):
    other = update_page.copy_for_translation(italian)
    other.title = "La ministra ha risposto"
    other.save_revision().publish()
    soup = post("test")
    assert "2 test emails sent" in said(soup)
    assert [mail.subject for mail in mailoutbox] == [
        "Test: The minister has answered",
        "Prova: La ministra ha risposto",
    ]


@pytest.mark.usefixtures("user", "mailoutbox")
def test_at_a_time(signers, post, clock):
    signers({})
    post("test")
    assert "Choose a time in the future." in post("send", send_at="2020-01-01 10:00").get_text()
    later = timezone.localtime(clock.now() + timedelta(days=2))
    assert "is scheduled" in said(post("send", send_at=f"{later:%Y-%m-%d %H:%M}"))
    assert Update.objects.get().state == State.SCHEDULED


@pytest.mark.usefixtures("user", "mailoutbox")
def test_pause_resume_and_stop(signers, post):
    signers({})
    post("test")
    post("send")
    assert "Sending is paused." in said(post("pause"))
    assert "Sending continues." in said(post("resume"))
    assert "has been stopped" in said(post("stop"))
    assert "The update has changed in the meantime." in said(post("pause"))
    assert jobs.send_mails() == 0


@pytest.mark.usefixtures("user", "mailoutbox")
def test_a_change_meanwhile_needs_a_test_before_it_goes_on(signers, post, update_page, mailoutbox):
    signers({})
    post("test")
    post("send")
    update_page.title = "Something else"
    update_page.save_revision().publish()
    assert jobs.send_mails() == 0
    soup = post("resume")
    assert "Send yourself test emails first" in said(soup)
    assert "because the text has changed" in soup.get_text()
    post("test")
    assert "Sending continues." in said(post("resume"))
    assert jobs.send_mails() == 1


@pytest.mark.usefixtures("user", "mailoutbox")
def test_pressed_twice_it_is_sent_once(signers, post, mailoutbox):
    signers({})
    post("test")
    post("send")
    assert "The update has changed in the meantime." in said(post("send"))
    jobs.send_mails()
    assert len(mailoutbox) == 2


@pytest.mark.usefixtures("user")
def test_the_number_follows_the_audience(page, translated, signers, count, settings):
    signers({}, {"country": "FR"}, {"of": translated}, {"wants_news": False})
    assert "3 signers will get it." in count()
    assert "1 signer will get it." in count("countries=FR")
    assert "1 signer will get it." in count("languages=it")
    assert "0 signers will get it." in count("signed_to=2020-01-01")
    assert "Correct the fields" in count("signed_from=nonsense")
    assert "Italiano 1 The text in English" in count()
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "MAILS_PER_HOUR": 1}
    assert "Sending takes about 3" in count()


@pytest.mark.usefixtures("user", "signers")
@pytest.mark.parametrize(
    "days", ["signed_to=9999-12-31", "signed_from=0001-01-01"], ids=["last", "first"]
)
def test_days_without_a_moment_are_refused(count, days):
    assert "Correct the fields above" in count(days)


@pytest.mark.usefixtures("user", "mailoutbox")
def test_earlier_updates_are_a_choice(page, signers, make_update, count, post, admin_user):
    signers({"country": "FR"}, {})
    before = make_update(title="Before")
    earlier = sending.get_update(page.petition, before)
    Update.objects.filter(pk=earlier.pk).update(tested={"en": version(before)})
    sending.start(
        earlier,
        sending.Audience(countries=["FR"]),
        title="Before",
        send_at=None,
        user=admin_user,
    )
    sending.send_updates()
    assert "1 signer will get it." in count("other_update=got-1")
    assert "1 signer will get it." in count("other_update=not-1")
    assert "Correct the fields" in count("other_update=got-7")


@pytest.mark.usefixtures("user", "signers")
def test_nobody_is_nobody(post, mailoutbox):
    post("test")
    assert "Nobody would get this update." in said(post("send"))


def test_buttons_lead_there(user, page, update_page, client):
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[update_page.pk]))
    url = reverse("petition_updates:send", args=[update_page.pk])
    assert url in editor.content.decode()
    listed = client.get(reverse("petition_updates:index", args=[page.petition.pk]))
    assert url in listed.content.decode()


def test_without_the_permission_there_is_no_button(page, update_page, client):
    client.force_login(make_user("editor", "view", pages=[page]))
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[update_page.pk]))
    assert reverse("petition_updates:send", args=[update_page.pk]) not in editor.content.decode()
