"""Managing a signature: see it, hide the name, stop updates, withdraw, stop all emails."""

import re

import pytest

from tests.conftest import RequestCommits
from tests.helpers import dump, path_in
from tests.ledger.test_signing import TRACES
from wagtail_petition import ledger
from wagtail_petition.mail import sender
from wagtail_petition.models import MailOptOut, Petition, Signature

pytestmark = pytest.mark.django_db
Status = Signature.Status


@pytest.fixture
def signed(client, page, post, mailoutbox):
    """The receipt of a confirmed signature."""
    post(
        given_name="Quirinalia",
        family_name="Zanzottera",
        email="quirinalia@zanzottera.example.org",
        show_name="on",
        wants_news="on",
    )
    client.post(path_in(mailoutbox[0], "confirm"))
    return mailoutbox[1]


@pytest.fixture
def link(signed):
    return path_in(signed, "signature")


def signature():
    return Signature.objects.get()


# See and change


def test_it_shows_exactly_what_was_signed(client, page, link):
    page.letter = "<p>We ask for nothing.</p>"
    page.save_revision().publish()
    html = client.get(link).text
    assert "Quirinalia Zanzottera" in html
    assert "separating children" in html
    assert "We ask for nothing" not in html


def test_name_and_news_are_switched(client, link):
    assert client.post(link, {}).status_code == 303
    assert (signature().show_name, signature().wants_news) == (False, False)
    client.post(link, {"show_name": "on", "wants_news": "on"})
    assert (signature().show_name, signature().wants_news) == (True, True)


def test_get_changes_nothing(client, link):
    for _time in range(10):
        client.get(link, {"withdraw": "1"})
        client.head(link)
    assert signature().status == Status.CONFIRMED
    assert signature().show_name


def test_it_works_when_the_page_is_gone(client, page, link):
    page.delete()
    assert client.get(link).status_code == 200
    assert client.post(link, {"withdraw": "1"}).status_code == 303
    assert signature().status == Status.WITHDRAWN


def test_it_works_without_an_end(client, link, clock):
    clock.forward(days=1000)
    assert client.get(link).status_code == 200


def test_a_link_that_was_opened_long_ago_shows_nothing_of_the_person(
    client, link, clock, mailoutbox
):
    """It may be in logs and histories. A new link is sent to the signer's address."""
    assert "Quirinalia" in client.get(link).text
    clock.forward(days=29)
    assert "Quirinalia" in client.get(link).text
    clock.forward(days=1)
    response = client.get(link)
    assert response.status_code == 410
    for secret in ("Quirinalia", "Zanzottera", "zanzottera.example.org", "Italy"):
        assert secret not in response.text
    for _time in range(5):
        asked = client.post(link)
    assert "Check your inbox" in client.get(asked["Location"]).text
    assert len(mailoutbox) == 3, "one a day"
    assert mailoutbox[-1].to == ["quirinalia@zanzottera.example.org"]
    assert "Quirinalia" in client.get(path_in(mailoutbox[-1], "signature")).text


def test_nothing_is_changed_by_an_expired_link_but_withdrawing(client, link, clock):
    client.get(link)
    clock.forward(days=30)
    client.post(link, {"wants_news": "on"})
    assert (signature().show_name, signature().wants_news) == (True, True)
    withdrawn = client.post(link, {"withdraw": "1"})
    assert signature().status == Status.WITHDRAWN
    assert "Your signature has been withdrawn" in client.get(withdrawn["Location"]).text


def test_an_expired_link_withdraws_where_no_email_can_be_sent(client, page, link, clock):
    client.get(link)
    page.delete()
    clock.forward(days=30)
    html = client.get(link).text
    assert "Email me a new link" not in html
    assert "Withdraw and erase" in html
    client.post(link, {"withdraw": "1"})
    assert signature().status == Status.WITHDRAWN


# Withdraw


def test_withdrawing_erases_and_lowers_the_count(client, link):
    response = client.post(link, {"withdraw": "1"})
    assert response.status_code == 303
    assert TRACES.search(dump()) is None
    assert Petition.objects.get().signature_count == 0
    shown = client.get(response["Location"])
    assert shown.status_code == 200
    assert "withdrawn" in shown.text
    assert TRACES.search(shown.text) is None


def test_withdrawing_twice(client, link):
    for _time in range(2):
        assert client.post(link, {"withdraw": "1"}).status_code == 303
    assert Petition.objects.get().signature_count == 0


def test_every_mail_about_a_signature_that_counts_leads_here(post, link, mailoutbox):
    """Withdrawing is as easy as signing."""
    post(email="quirinalia@zanzottera.example.org")
    receipt, already = mailoutbox[1:]
    assert "already" in already.subject
    for mail in (receipt, already):
        assert path_in(mail, "signature")


def test_invalidated_signature_can_still_be_withdrawn(client, link):
    ledger.invalidate([signature().pk], petition=Petition.objects.get())
    assert "no longer counts" in client.get(link).text
    client.post(link, {"withdraw": "1"})
    assert signature().status == Status.WITHDRAWN
    assert TRACES.search(dump()) is None


def test_anonymised_signature(client, link):
    ledger.anonymise([signature().pk], petition=Petition.objects.get())
    response = client.get(link)
    assert response.status_code == 200
    assert TRACES.search(response.text) is None


# No more mail


def test_unsubscribing_asks_first(client, signed):
    link = path_in(signed, "unsubscribe")
    for _time in range(10):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    assert not MailOptOut.objects.exists()


def test_unsubscribing_with_one_click(signed, mailoutbox):
    """As mail programs do it: a POST to the header's address, without cookies (RFC 8058)."""
    assert signed.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = signed.extra_headers["List-Unsubscribe"].strip("<>")
    path = address.removeprefix("http://localhost")
    response = RequestCommits(enforce_csrf_checks=True).post(
        path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200
    assert MailOptOut.objects.count() == 1
    assert signature().wants_news is False
    assert signature().status == Status.CONFIRMED


def sign_again(post, page, mailoutbox, **fields):
    """Sign with the address that asked for no emails; returns the emails that follow."""
    before = len(mailoutbox)
    # Another spelling: the same person.
    post(email="Quirinalia+x@zanzottera.example.org", to=page, **fields)
    return mailoutbox[before:]


def test_an_address_without_emails_is_asked_once_a_day(
    client, make_page, post, signed, mailoutbox, clock
):
    client.post(path_in(signed, "unsubscribe"))
    [asked] = sign_again(post, make_page(), mailoutbox)
    assert "You asked us not to email this address" in asked.body
    assert path_in(asked, "confirm")
    assert sign_again(post, make_page(), mailoutbox) == []
    clock.forward(days=1, minutes=1)
    sender.drain()
    assert len(mailoutbox) == 4, "the second comes when the first is a day old"


def test_the_answer_is_the_same_for_an_address_without_emails(client, page, post, signed):
    client.post(path_in(signed, "unsubscribe"))
    shown = [
        post.follow(post(email=email)).text.replace(email, "")
        for email in ("quirinalia@zanzottera.example.org", "somebody@example.org")
    ]
    assert re.sub(r"sent/\S+", "", shown[0]) == re.sub(r"sent/\S+", "", shown[1])


def test_who_stopped_emails_and_confirms_can_withdraw(client, make_page, post, signed, mailoutbox):
    client.post(path_in(signed, "unsubscribe"))
    [asked] = sign_again(post, make_page(), mailoutbox)
    client.post(path_in(asked, "confirm"))
    assert path_in(mailoutbox[-1], "signature")
    assert "Thank you for signing" in mailoutbox[-1].body
    assert MailOptOut.objects.exists(), "a signature is no wish for more"


def test_stopping_emails_can_be_undone(client, page, signed):
    link = path_in(signed, "unsubscribe")
    assert "Stop all emails" in client.get(link).text
    client.post(link)
    assert "Allow emails again" in client.get(link).text
    assert "allowed again" in client.post(link, {"allow": "1"}).text
    assert not MailOptOut.objects.exists()


@pytest.mark.parametrize("choice", [{"allow": "1"}, {"wants_news": "on"}])
def test_it_can_be_undone_where_the_signature_is_managed(client, link, signed, choice):
    client.post(path_in(signed, "unsubscribe"))
    assert "Allow emails again" in client.get(link).text
    client.post(link, choice)
    assert not MailOptOut.objects.exists()
    assert "Allow emails again" not in client.get(link).text


def test_updates_can_be_stopped_alone(client, signed):
    link = path_in(signed, "unsubscribe")
    assert "Stop updates about this petition" in client.get(link).text
    client.post(link, {"news": "1"})
    assert not signature().wants_news
    assert not MailOptOut.objects.exists()


def test_who_asks_for_news_while_signing_again_gets_emails_again(
    client, make_page, post, signed, mailoutbox
):
    client.post(path_in(signed, "unsubscribe"))
    [asked] = sign_again(post, make_page(), mailoutbox, wants_news="on")
    assert MailOptOut.objects.exists(), "anybody can tick a box with somebody's address"
    client.post(path_in(asked, "confirm"))
    assert not MailOptOut.objects.exists()


def test_the_list_holds_no_address(client, signed):
    client.post(path_in(signed, "unsubscribe"))
    kept = MailOptOut.objects.get().address_hash
    assert len(kept) == 32
    assert "zanzottera" not in kept


def test_the_list_outlives_a_new_secret_key(client, post, signed, settings, mailoutbox):
    client.post(path_in(signed, "unsubscribe"))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one"
    assert "Allow emails again" in client.get(path_in(signed, "unsubscribe")).text
    client.post(path_in(signed, "unsubscribe"), {"allow": "1"})
    assert not MailOptOut.objects.exists()
