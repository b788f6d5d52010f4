"""Emails that mail servers returned: what they end, and what nobody can end with a forged one."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.mail.reports import report
from wagtail_petition import ledger
from wagtail_petition.mail import sender
from wagtail_petition.mail.bounces import Found, take_in
from wagtail_petition.models import OutgoingEmail, Signature

pytestmark = pytest.mark.django_db
State = Signature.EmailState


@pytest.fixture
def sent(page, make_signature, mailoutbox, settings):
    """Send somebody a receipt. Returns the signature and the email's Message-ID."""
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}

    def sent(email="anna@example.org"):
        signature = make_signature(page, email=email, wants_news=True)
        sender.drain()
        (mail,) = (mail for mail in mailoutbox if mail.to == [email])
        return signature, mail.message()["Message-ID"].strip()

    return sent


def state_of(signature):
    signature.refresh_from_db()
    return signature.email_state


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"returned": "message/rfc822"},
        # Exim.
        {"status": "5.0.0"},
        # Microsoft: of the email it returns no headers, but answers it.
        {"status": "5.1.10", "diagnostic": "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound"},
        {"status": "5.4.1", "diagnostic": "smtp;550 5.4.1 Recipient address rejected"},
        # Postfix, about a domain that doesn't exist; comments are allowed.
        {
            "status": "5.4.4 (unable to route)",
            "diagnostic": "X-Postfix; Host or domain name not found",
        },
        {"status": "5.2.1", "diagnostic": "smtp; 550-5.2.1 This mailbox\r\n 550 5.2.1 is disabled"},
        {"action": "FAILED "},
    ],
)
def test_an_address_that_does_not_exist_gets_no_more_emails(sent, page, written):
    anna, message_id = sent()
    assert take_in(report(message_id, **written)) is Found.BOUNCED
    assert state_of(anna) == State.BOUNCED
    page.petition.refresh_from_db()
    assert page.petition.signature_count == 1
    assert take_in(report(message_id, **written)) is Found.BOUNCED, "read again"


@pytest.mark.parametrize("head", ["In-Reply-To: {}\n", "References: <x@example.net>\n {}\n"])
def test_a_report_that_answers_the_email_need_not_return_it(sent, head):
    anna, message_id = sent()
    assert take_in(report("", returned="", head=head.format(message_id))) is Found.BOUNCED
    assert state_of(anna) == State.BOUNCED


@pytest.mark.parametrize(
    "written",
    [
        {"status": "5.2.2", "diagnostic": "smtp; 552 5.2.2 over quota"},
        {"status": "5.7.1", "diagnostic": "smtp; 550 5.7.1 looks like spam"},
        {"status": "5.3.4", "diagnostic": "smtp; 552 5.3.4 too big"},
        # About the sender.
        {"status": "5.1.8", "diagnostic": "smtp; 550 5.1.8 bad sender"},
        {"status": "5.0.0", "diagnostic": "smtp; 550 no"},
        {"status": "", "diagnostic": ""},
        {"action": "delayed", "status": "4.4.1", "diagnostic": "connection timed out"},
        {"action": "delivered", "status": "2.0.0", "diagnostic": "smtp; 250 2.0.0 OK"},
        {"action": "failed", "status": "4.4.7", "diagnostic": "smtp; 450 4.1.1 try later"},
        # A list: one of its members still gets it.
        {"more": "\nFinal-Recipient: rfc822; b@example.org\nAction: relayed\nStatus: 2.0.0\n"},
    ],
)
def test_other_failures_change_nothing(sent, written):
    anna, message_id = sent()
    assert take_in(report(message_id, **written)) is Found.PASSING
    assert state_of(anna) == State.OK


def test_nobody_can_end_the_emails_of_others(sent):
    anna, message_id = sent()
    bruno, own = sent("bruno@example.org")
    number = message_id.split("-")[1]
    forged = [
        # Made up, or with the proof of an email of one's own.
        f"<petition-{number}-{'0' * 32}@example.org>",
        own.replace(own.split("-")[1], number),
        f"<petition-{number}@example.org>",
        f"<petition-{'9' * 18}-{'0' * 32}@example.org>",
        "<x@example.org>",
        "",
    ]
    for each in forged:
        assert take_in(report(each)) is Found.OTHER
    # What a report says about addresses counts for nothing.
    assert take_in(report(own, address="anna@example.org")) is Found.BOUNCED
    assert state_of(anna) == State.OK
    assert state_of(bruno) == State.BOUNCED


@pytest.mark.parametrize("change", ["late", "unsent", "address", "erased", "deleted"])
def test_about_what_is_over_nothing_happens(sent, page, change):
    anna, message_id = sent()
    emails = OutgoingEmail.objects.all()
    if change == "late":
        emails.update(sent_at=timezone.now() - timedelta(days=31))
    elif change == "unsent":
        emails.update(sent_at=None)
    elif change == "address":
        Signature.objects.update(email="new@example.org", email_key="new@example.org")
    elif change == "erased":
        ledger.anonymise([anna.pk], petition=page.petition)
    else:
        anna.delete()
    assert take_in(report(message_id)) is Found.OTHER
    assert not Signature.objects.exclude(email_state=State.OK).exists()


def test_the_proof_stays_when_the_key_is_replaced(sent, settings):
    anna, message_id = sent()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert take_in(report(message_id)) is Found.BOUNCED
    assert state_of(anna) == State.BOUNCED


def test_a_complaint_stays_when_emails_bounce(sent):
    anna, message_id = sent()
    ledger.set_email_state(anna.email, State.COMPLAINED)
    take_in(report(message_id))
    assert state_of(anna) == State.COMPLAINED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff" * 1000,
        b"Content-Type: multipart/report\r\n\r\nno boundary",
        b'Content-Type: multipart/report; boundary="x"\r\n\r\nno parts',
        b'Content-Type: multipart/report; boundary="x"\r\n\r\n--x\r\nContent-Type: '
        b"message/delivery-status\r\n\r\n\xff\xfe: :\r\n\r\n--x--",
        b'Content-Type: multipart/report; boundary="x"\r\nReferences: =?utf-8?q?=FF?= \xff\r\n\r\n'
        b"--x\r\nContent-Type: message/rfc822\r\n\r\n--x\r\nContent-Type: text/rfc822-headers\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--x--",
    ],
)
def test_what_is_no_report_is_left_alone(content):
    assert take_in(content) is Found.OTHER


def test_an_answer_of_a_person_is_left_alone(sent):
    anna, message_id = sent()
    answer = f"From: anna@example.org\r\nIn-Reply-To: {message_id}\r\n\r\nI am on holiday.".encode()
    assert take_in(answer) is Found.OTHER
    assert state_of(anna) == State.OK


def test_all_emails_to_signers_can_be_recognised_and_say_where_to_return_them(
    server, page, make_signature, settings
):
    settings.WAGTAIL_PETITION |= {"BOUNCE_ADDRESS": "bounces@example.org"}
    returned_to = []
    server.at_mail = returned_to.append
    make_signature(page, confirm=False)
    sender.drain()
    (email,) = OutgoingEmail.objects.filter(kind="confirm")
    head = server.received[0].partition(b"\r\n\r\n")[0]
    assert b"\r\nMessage-ID: <petition-%d-" % email.pk in head
    assert b"petitions@example.org" in re.search(rb"\r\nFrom: (.+)", head)[1]
    assert returned_to == ["bounces@example.org"]
