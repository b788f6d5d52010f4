"""Emails to others than signers: through the same queue, made by the room that knows them."""

import smtplib
from unittest.mock import Mock

import pytest
from django.core.mail import EmailMessage

from wagtail_petition import ledger
from wagtail_petition.access.filters import email_failed
from wagtail_petition.mail import others, queue, sender
from wagtail_petition.models import OutgoingEmail, Signature

pytestmark = pytest.mark.django_db
Kind, State = OutgoingEmail.Kind, OutgoingEmail.State


@pytest.fixture(autouse=True)
def _late(settings):
    """Emails stay queued until the test sends them."""
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}


@pytest.fixture
def made(monkeypatch):
    """What makes the emails of a kind; the test says what it returns or raises."""
    make = Mock(
        side_effect=lambda mail: EmailMessage(
            subject=f"About {mail.payload['what']}", body="…", to=["jane@example.org"]
        )
    )
    monkeypatch.setitem(others._makers, Kind.TO_RECIPIENT, make)
    return make


@pytest.fixture
def queued(made, page):
    petition = ledger.ensure_petition(page)
    (mail,) = ledger.queue_emails_to(
        ["jane@example.org", "Jane@example.org"],
        Kind.TO_RECIPIENT,
        petition,
        {"what": "a delivery"},
    )
    return mail


def test_it_is_sent_once_in_the_order_of_the_queue(queued, page, make_signature, mailoutbox):
    make_signature(confirm=False)
    assert sender.drain() == 2
    assert [mail.to for mail in mailoutbox] == [["anna@example.org"], ["jane@example.org"]]
    assert mailoutbox[1].subject == "About a delivery"
    assert sender.drain() == 0
    queued.refresh_from_db()
    assert (queued.state, queued.kind) == (State.SENT, Kind.TO_RECIPIENT)
    assert queued.sent_at


def test_the_queue_holds_no_address(queued):
    assert "jane" not in str(OutgoingEmail.objects.values()).lower()


def test_what_is_no_longer_wanted_is_not_sent(queued, made, mailoutbox):
    made.side_effect = lambda mail: None
    assert sender.drain() == 0
    assert not mailoutbox
    queued.refresh_from_db()
    assert queued.state == State.DROPPED


def test_one_that_cannot_be_made_stops_no_other(queued, made, make_signature, mailoutbox):
    make_signature(confirm=False)
    made.side_effect = RuntimeError("jane@example.org is broken")
    assert sender.drain() == 1
    queued.refresh_from_db()
    assert queued.state == State.DUE
    assert queued.last_error == "RuntimeError: … is broken"


def test_a_refused_address_fails_and_is_not_in_the_error(queued, monkeypatch):
    refusal = smtplib.SMTPRecipientsRefused({"jane@example.org": (550, b"<jane@example.org>: no")})
    mailer = Mock(**{"send_messages.side_effect": refusal})
    monkeypatch.setattr(sender, "open_mailer", lambda **options: mailer)
    sender.drain()
    queued.refresh_from_db()
    assert queued.state == State.FAILED
    assert queued.last_error == "550 <…>: no"


def test_it_counts_within_the_petition_s_hourly_limit(queued, page, settings, mailoutbox):
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker", "MAILS_PER_PETITION_PER_HOUR": 1}
    ledger.sign(page, email="anna@example.org", country="IT")
    assert sender.drain() == 1
    assert [mail.to for mail in mailoutbox] == [["anna@example.org"]]
    assert not queue.take(10)


def test_failed_ones_are_no_signer_s(queued, make_signature):
    signature = make_signature()
    OutgoingEmail.objects.filter(pk=queued.pk).update(state=State.FAILED)
    assert not Signature.objects.filter(email_failed()).exists()
    assert list(Signature.objects.exclude(email_failed())) == [signature]


def test_emails_to_signers_are_queued_with_their_signature(page):
    with pytest.raises(ValueError, match="to signers"):
        ledger.queue_emails_to(["jane@example.org"], Kind.RECEIPT, page.petition, {})
