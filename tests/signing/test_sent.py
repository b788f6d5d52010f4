""" "Check your inbox": another mail, another address."""

import re

import pytest

from wagtail_petition.models import Signature

pytestmark = pytest.mark.django_db
Status = Signature.Status


@pytest.fixture
def inbox(post):
    """The address of "check your inbox" after signing."""
    return post()["Location"]


def test_it_shows_the_address(client, inbox):
    assert "<bdi" in client.get(inbox).text
    assert "anna@example.org" in client.get(inbox).text


def test_the_mail_can_be_sent_again(client, inbox, mailoutbox):
    response = client.post(inbox, {"email": "anna@example.org"})
    assert response.status_code == 303
    assert "once more" in client.get(response["Location"]).text
    assert [m.to for m in mailoutbox] == [["anna@example.org"]] * 2
    assert Signature.objects.count() == 1


def test_the_address_can_be_changed(client, inbox, mailoutbox):
    response = client.post(inbox, {"email": " Anna@example.net "})
    assert response.status_code == 303
    assert "Anna@example.net" in client.get(response["Location"]).text
    assert mailoutbox[-1].to == ["Anna@example.net"]
    first, second = Signature.objects.order_by("pk")
    assert (first.email, second.email) == ("anna@example.org", "Anna@example.net")
    assert second.given_name == first.given_name == "Anna"


@pytest.mark.parametrize(
    "address", ["", "anna", "a\x00@example.org", "a@example.org\r\nBcc: b@c.de"]
)
def test_bad_address_is_told_beside_the_field(client, inbox, address, mailoutbox):
    response = client.post(inbox, {"email": address})
    assert response.status_code == 422
    assert 'id="petition-email_error"' in response.text
    assert len(mailoutbox) == 1


def test_mistyped_domain_is_asked_about_and_never_refused(client, post, mailoutbox):
    response = post(email="anna@gmial.com")
    assert response.status_code == 303
    assert mailoutbox[0].to == ["anna@gmial.com"]
    assert "anna@gmail.com" in post.follow(response).text


def test_who_has_confirmed_meanwhile_gets_no_other_mail(client, inbox, mailoutbox):
    from wagtail_petition import ledger

    ledger.confirm(Signature.objects.get())
    for address in ("anna@example.org", "anna@example.net"):
        assert client.post(inbox, {"email": address}).status_code == 303
    assert [m.subject.partition(":")[0] for m in mailoutbox] == [
        "Please confirm your signature",
        "Your signature counts",
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


def test_many_other_addresses_are_too_many(client, inbox, mailoutbox):
    statuses = [
        client.post(inbox, {"email": f"victim{i}@example.org"}).status_code for i in range(20)
    ]
    assert statuses.count(303) == 9, "the limit of a network is ten, signing itself included"
    assert set(statuses[9:]) == {422}
    assert len(mailoutbox) == 10


def test_page_that_went_offline(client, page, inbox):
    page.unpublish()
    assert client.get(inbox).status_code == 410
    assert client.post(inbox, {"email": "anna@example.org"}).status_code == 410


def test_in_the_language_of_the_petition(client, translated, post):
    response = post.follow(post(to=translated))
    assert response["Content-Language"] == "it"
    assert re.search(r'class="petition" lang="it"', response.text)


@pytest.mark.django_db(transaction=True)
def test_attempt_that_is_forgotten_meanwhile(client, inbox, monkeypatch, caplog):
    """What a new mail refers to is deleted in between: the database says so when it commits."""
    from wagtail_petition import ledger

    again = ledger.send_confirmation_again

    def forgotten(signature):
        ledger.forget_attempts([signature.pk])
        again(signature)

    monkeypatch.setattr(ledger, "send_confirmation_again", forgotten)
    response = client.post(inbox, {"email": "anna@example.org"})
    assert response.status_code == 503
    assert "Nothing was stored" in response.text
    assert "The database did not take it" in caplog.text
