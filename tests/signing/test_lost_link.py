"""Signers who have lost the email get the link to their signature again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.helpers import path_in
from wagtail_petition import ledger
from wagtail_petition.mail import sender
from wagtail_petition.models import LinkRequest, OutgoingEmail, Signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(page):
    return reverse("wagtail_petition:lost_link", args=[page.petition_key])


@pytest.fixture
def ask(client, link):
    """Ask for the link of an address, as a browser does on our own page."""

    def ask(email, **data):
        return client.post(link, {"email": email, **data}, headers={"Origin": "http://testserver"})

    return ask


def test_the_link_comes_again_and_withdraws(client, ask, make_signature, clock, mailoutbox):
    make_signature()
    clock.forward(days=2)
    shown = client.get(ask("Anna@example.org")["Location"])
    assert "If you’ve signed this petition with the address you entered" in shown.text
    assert mailoutbox[-1].to == ["anna@example.org"]
    client.post(path_in(mailoutbox[-1], "signature"), {"withdraw": "1"})
    assert Signature.objects.get().status == "withdrawn"
    assert not LinkRequest.objects.exists()


def test_it_comes_once_a_day(ask, make_signature, clock, mailoutbox):
    make_signature()
    clock.forward(days=2)
    for _time in range(5):
        assert ask("anna@example.org").status_code == 303
    assert OutgoingEmail.objects.filter(kind="receipt").count() == 2


def test_also_once_the_petition_is_closed(client, page, make_signature, clock, mailoutbox):
    make_signature()
    page.closes_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()
    clock.forward(days=5)
    shown = client.get(page.url).text
    link = reverse("wagtail_petition:lost_link", args=[page.petition_key])
    assert link in shown
    assert "Get your link again" in shown
    client.post(link, {"email": "anna@example.org"}, headers={"Origin": "http://testserver"})
    assert path_in(mailoutbox[-1], "signature")


def test_who_has_not_confirmed_gets_the_link_to_confirm(ask, make_signature, mailoutbox):
    make_signature(confirm=False)
    OutgoingEmail.objects.all().delete()
    ask("anna@example.org")
    assert path_in(mailoutbox[-1], "confirm")


def test_nothing_tells_who_has_signed(client, ask, make_signature, mailoutbox):
    make_signature()
    OutgoingEmail.objects.all().delete()
    answers = [ask(email) for email in ("anna@example.org", "somebody@example.org")]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert len({client.get(answer["Location"]).content for answer in answers}) == 1
    assert [m.to for m in mailoutbox] == [["anna@example.org"]]


def test_asking_takes_the_same_queries(settings, ask, make_signature):
    """So it takes the same time. The worker sends the email."""
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
    make_signature()
    numbers = []
    for email in ("warm@example.org", "anna@example.org", "somebody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            ask(email)
        numbers.append(len(queries))
    assert numbers[1] == numbers[2]


@pytest.mark.parametrize("address", ["", "anna", "a@example.org\r\nBcc: b@c.de"])
def test_bad_address_is_told_beside_the_field(ask, address, mailoutbox):
    response = ask(address)
    assert response.status_code == 422
    assert 'id="petition-email_error"' in response.text
    assert mailoutbox == []


def test_no_other_site_can_ask(client, link, make_signature):
    make_signature()
    response = client.post(
        link, {"email": "anna@example.org"}, headers={"Origin": "https://evil.example"}
    )
    assert response.status_code == 403
    assert not LinkRequest.objects.exists()


def test_what_a_program_fills_in_asks_for_one_more_step(ask, make_signature, mailoutbox):
    make_signature()
    OutgoingEmail.objects.all().delete()
    shown = ask("anna@example.org", fax="1")
    assert "We haven’t sent your link yet" in shown.text
    assert mailoutbox == []
    ask("anna@example.org", fax="1", step=shown.context["token"])
    assert len(mailoutbox) == 1


def test_requests_are_forgotten_with_their_person(settings, ask, page, make_signature):
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
    signature = make_signature()
    ask("anna@example.org")
    assert LinkRequest.objects.exists()
    ledger.withdraw(signature)
    assert not LinkRequest.objects.exists()


def test_requests_that_nobody_answers_are_forgotten_within_a_day(settings, ask, clock):
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
    ask("anna@example.org")
    clock.forward(days=1, seconds=1)
    sender.drain()
    assert not LinkRequest.objects.exists()
