""" "Check your inbox": the email again, or another address."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests.helpers import path_in
from wagtail_petition.models import Signature

pytestmark = pytest.mark.django_db
Status = Signature.Status


@pytest.fixture
def inbox(post):
    """The address of "check your inbox" after signing."""
    return post()["Location"]


@pytest.fixture
def ask(client, inbox):
    """Ask there for a mail to an address, as a browser does. Returns the response."""

    def ask(address, headers=None, **data):
        return client.post(
            inbox,
            {"email": address, **data},
            headers={"Origin": "http://testserver"} if headers is None else headers,
        )

    return ask


def test_it_shows_the_address(client, inbox):
    assert "<bdi" in client.get(inbox).text
    assert "anna@example.org" in client.get(inbox).text


def test_the_mail_can_be_sent_again(client, ask, mailoutbox):
    response = ask("anna@example.org")
    assert response.status_code == 303
    assert "sending the email again" in client.get(response["Location"]).text
    assert [m.to for m in mailoutbox] == [["anna@example.org"]] * 2
    assert Signature.objects.count() == 1


def test_it_says_so_when_the_limit_is_reached(client, ask, inbox, mailoutbox, clock):
    """And it counts what was asked for here alone, so it tells nothing about the address."""
    assert "Send it again" in client.get(inbox).text
    ask("anna@example.org")
    limited = client.get(ask("anna@example.org")["Location"]).text
    assert "We didn’t send it again" in limited
    assert "You can ask for it again after" in limited
    assert "Send it again" not in limited
    assert len(mailoutbox) == 2
    clock.forward(days=1, seconds=1)
    assert "asked=again" in ask("anna@example.org")["Location"]
    assert len(mailoutbox) == 3


def test_the_address_can_be_changed(client, ask, mailoutbox):
    response = ask(" Anna@example.net ")
    assert response.status_code == 303
    shown = client.get(response["Location"]).text
    assert "Anna@example.net" in shown
    assert "to the new address" in shown
    assert mailoutbox[-1].to == ["Anna@example.net"]
    first, second = Signature.objects.order_by("pk")
    assert (first.email, second.email) == ("anna@example.org", "Anna@example.net")
    assert second.given_name == first.given_name == "Anna"


@pytest.mark.parametrize(
    "address", ["", "anna", "a\x00@example.org", "a@example.org\r\nBcc: b@c.de"]
)
def test_bad_address_is_told_beside_the_field(ask, address, mailoutbox):
    response = ask(address)
    assert response.status_code == 422
    assert 'id="petition-email_error"' in response.text
    assert len(mailoutbox) == 1


def test_mistyped_domain_is_asked_about_and_never_refused(client, post, mailoutbox):
    response = post(email="anna@gmial.com")
    assert response.status_code == 303
    assert mailoutbox[0].to == ["anna@gmial.com"]
    assert "anna@gmail.com" in post.follow(response).text


def test_who_has_confirmed_meanwhile_is_told(client, ask, mailoutbox):
    client.post(path_in(mailoutbox[0], "confirm"))
    for address in ("anna@example.org", "anna@example.net"):
        assert ask(address).status_code == 303
    assert [m.subject.partition(":")[0] for m in mailoutbox] == [
        "Please confirm your signature",
        "Your signature counts",
        "You have already signed",
    ]
    assert Signature.objects.get().email == "anna@example.org"


def test_what_was_typed_is_gone_after_a_withdrawal(client, inbox):
    Signature.objects.all().delete()
    response = client.get(inbox)
    assert response.status_code == 200
    assert "anna@example.org" not in response.text


def test_changed_addresses_cannot_be_forged(client, inbox, clock):
    signed = inbox.split("/")[-2]
    for position in range(len(signed)):
        forged = (
            signed[:position] + ("A" if signed[position] != "A" else "B") + signed[position + 1 :]
        )
        assert client.get(inbox.replace(signed, forged)).status_code == 404
    assert client.get("/petitions/sent/\x00/").status_code == 404
    assert client.get("/petitions/sent/1/").status_code == 404


def test_it_works_for_a_day(client, inbox, monkeypatch):
    import time

    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 24 * 60 * 60 + 60)
    assert client.get(inbox).status_code == 404


def test_many_other_addresses_are_too_many(ask, mailoutbox):
    asked = [ask(f"victim{i}@example.org") for i in range(20)]
    assert [response.status_code for response in asked] == [303] * 9 + [200] * 11
    assert "One more step" in asked[-1].text, "from ten a minute on, signing itself included"
    assert len(mailoutbox) == 10


# The same way as signing


def test_another_address_is_a_new_attempt_from_where_it_was_asked_for(client, inbox, ask):
    client.post(
        inbox,
        {"email": "anna@example.net"},
        headers={"Origin": "http://testserver"},
        REMOTE_ADDR="198.51.100.7",
    )
    first, second = Signature.objects.order_by("pk")
    assert first.network != second.network
    assert len(second.network) == 32


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "null"}, {"Origin": "https://evil.example"}], ids=str
)
def test_no_other_site_can_ask_for_mails(ask, headers, mailoutbox):
    assert ask("victim@example.org", headers=headers).status_code == 403
    assert len(mailoutbox) == 1


def test_the_form_can_say_where_it_comes_from(client, inbox, ask):
    # With "no-referrer" a browser sends "Origin: null".
    for response in (client.get(inbox), ask("nonsense"), ask("b@example.org", fax="1")):
        assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("suspicion", [{"fax": "1"}, {"elapsed": "200"}])
def test_what_a_program_fills_in_asks_for_one_more_step(ask, mailoutbox, suspicion):
    asked = ask("anna@example.net", **suspicion)
    assert "One more step" in asked.text
    assert len(mailoutbox) == 1
    step = re.search(r'name="step" value="([^"]+)"', asked.text)[1]
    assert ask("bruno@example.net", step=step, **suspicion).status_code == 200
    assert ask("anna@example.net", step=step).status_code == 303
    assert mailoutbox[-1].to == ["anna@example.net"]


def test_closed_petition_takes_no_other_address(page, ask, mailoutbox):
    page.closes_at = timezone.now() - timedelta(minutes=1)
    page.save_revision().publish()
    response = ask("anna@example.net")
    assert response.status_code == 422
    assert "closed and can no longer be signed" in response.text
    assert ask("anna@example.org").status_code == 303, "it can still be confirmed"
    page.closes_at = timezone.now() - timedelta(days=2)
    page.save_revision().publish()
    assert ask("anna@example.org").status_code == 422
    assert [mail.to for mail in mailoutbox] == [["anna@example.org"]] * 2


def test_page_for_some_people_sends_nobody_else_a_mail(page, ask, mailoutbox):
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert ask("anna@example.net")["Location"] == page.url
    assert len(mailoutbox) == 1


def test_page_that_went_offline(client, page, inbox, ask):
    page.unpublish()
    assert client.get(inbox).status_code == 410
    assert ask("anna@example.org").status_code == 410


def test_in_the_language_of_the_petition(client, translated, post):
    response = post.follow(post(to=translated))
    assert response["Content-Language"] == "it"
    assert re.search(r'class="petition" lang="it"', response.text)


@pytest.mark.django_db(transaction=True)
def test_attempt_that_is_forgotten_meanwhile(ask, monkeypatch, caplog):
    """What a new mail refers to is deleted in between: the database says so when it commits."""
    from wagtail_petition import ledger

    again = ledger.send_confirmation_again

    def forgotten(signature):
        ledger.forget_attempts([signature.pk])
        again(signature)

    monkeypatch.setattr(ledger, "send_confirmation_again", forgotten)
    response = ask("anna@example.org")
    assert response.status_code == 503
    assert "Nothing was saved" in response.text
    assert "The database did not take it" in caplog.text
