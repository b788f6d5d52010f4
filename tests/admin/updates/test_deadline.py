"""Tell signers from the admin that the closing date has changed."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission

from tests.admin.people import make_user
from wagtail_petition import jobs
from wagtail_petition.models import OutgoingEmail, Update

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _worker(settings):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "BACKGROUND": "worker"}


@pytest.fixture
def signed(page, make_signature):
    make_signature(wants_news=True)
    OutgoingEmail.objects.all().delete()
    return page


@pytest.fixture
def offer(signed):
    """What is offered after the closing date has changed."""
    signed.closes_at = timezone.now() + timedelta(days=5)
    signed.save_revision().publish()
    return Update.objects.get()


def soup_of(response):
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def publish(client, page, closes_at):
    """Publish a closing date with the editor's form; returns the page that follows, parsed."""
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = soup_of(client.get(url)).select_one("form[data-edit-form]")
    data = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            data[field["name"]] = chosen["value"] if chosen else ""
        elif field.get("type") not in ("checkbox", "radio") or field.has_attr("checked"):
            data[field["name"]] = field.get("value") or field.get_text().lstrip("\n")
    stream = {
        "recipients-count": "1",
        "recipients-0-deleted": "",
        "recipients-0-order": "0",
        "recipients-0-type": "recipient",
        "recipients-0-value-name": "Jane Doe",
        "recipients-0-value-role": "to",
        "letter": '{"blocks":[{"key":"a","text":"Stop.","type":"unstyled","depth":0,'
        '"inlineStyleRanges":[],"entityRanges":[]}],"entityMap":{}}',
        **{f"{name}-count": "0" for name in ("body", "sponsors", "questions")},
    }
    data |= {**stream, "closes_at": closes_at, "action-publish": "publish"}
    return soup_of(client.post(url, data, follow=True))


def test_after_publishing_a_message_offers_it(signed, admin_client):
    shown = publish(admin_client, signed, "2099-03-31 23:59")
    offer = Update.objects.get()
    message = shown.select_one(".messages")
    assert "You can tell signers who asked for news." in message.get_text()
    url = reverse("petition_updates:deadline", args=[offer.pk])
    assert message.select_one(f'a[href="{url}"]')


def test_not_to_users_who_may_not_send(signed, client):
    editor = make_user("editor", pages=[signed])
    publish_page = Permission.objects.get(codename="publish_page")
    GroupPagePermission.objects.create(
        group=editor.groups.get(), page=signed, permission=publish_page
    )
    client.force_login(editor)
    shown = publish(client, signed, "2099-03-31 23:59")
    assert Update.objects.exists()
    assert "You can tell signers" not in shown.get_text()


def test_read_it_send_it(offer, client, page, mailoutbox):
    client.force_login(make_user("sender", "send_update", pages=[page]))
    url = reverse("petition_updates:deadline", args=[offer.pk])
    shown = soup_of(client.get(url))
    assert "has a closing date now" in shown.select_one("iframe")["srcdoc"]
    audience = soup_of(client.get(shown.select_one("form[novalidate]")["data-petition-audience"]))
    assert "1 signer will get it." in audience.get_text()
    assert (
        "Sending has started."
        in soup_of(client.post(url, {"action": "send"}, follow=True)).get_text()
    )
    jobs.send_mails()
    assert [mail.to for mail in mailoutbox] == [["anna@example.org"]]
    shown = soup_of(client.get(url))
    assert shown.select_one(".w-status").get_text(strip=True) == "Sent"
    assert "You can send it again" in shown.get_text()


def test_pause_and_resume(offer, admin_client, mailoutbox):
    url = reverse("petition_updates:deadline", args=[offer.pk])
    for action in ("send", "pause"):
        admin_client.post(url, {"action": action})
    assert jobs.send_mails() == 0
    admin_client.post(url, {"action": "resume"})
    assert jobs.send_mails() == 1


def test_do_not_tell_them(offer, admin_client, mailoutbox):
    url = reverse("petition_updates:deadline", args=[offer.pk])
    shown = soup_of(admin_client.post(url, {"action": "discard"}, follow=True))
    assert "Signers won’t be told." in shown.get_text()
    assert not Update.objects.exists()
    assert jobs.send_mails() == 0


def test_the_list_of_updates_leads_there(offer, page, admin_client):
    shown = soup_of(admin_client.get(reverse("petition_updates:index", args=[page.petition.pk])))
    link = shown.select_one(f'a[href="{reverse("petition_updates:deadline", args=[offer.pk])}"]')
    assert link.get_text().startswith("New closing date: ")
    assert "Not sent" in shown.get_text()


def test_a_date_that_has_passed_is_not_sent(offer, admin_client, clock, mailoutbox):
    clock.forward(days=6)
    url = reverse("petition_updates:deadline", args=[offer.pk])
    assert "has changed again, or has passed" in soup_of(admin_client.get(url)).get_text()
    shown = soup_of(admin_client.post(url, {"action": "send"}, follow=True))
    assert "has changed again, or has passed" in shown.select_one(".messages").get_text()
    assert jobs.send_mails() == 0


def test_there_are_no_test_emails(offer, admin_client, mailoutbox):
    url = reverse("petition_updates:deadline", args=[offer.pk])
    assert admin_client.post(url, {"action": "test"}).status_code == 404
    assert not mailoutbox
