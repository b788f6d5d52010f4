"""Every email as it arrives: read as bytes, with Python's parser and without one."""

import quopri
import re
from base64 import b64decode
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.utils import timezone

from tests.mail.messages import hand_over
from wagtail_petition import ledger
from wagtail_petition.compat import open_mailer
from wagtail_petition.delivery import recipient_emails
from wagtail_petition.ledger import tokens
from wagtail_petition.mail.deadline import render_deadline
from wagtail_petition.mail.notice import render_notice
from wagtail_petition.mail.organisers import Tell
from wagtail_petition.mail.rendering import LINKS, render_export_ready, render_message
from wagtail_petition.mail.update import render_update_message
from wagtail_petition.models import (
    DeliveryEmail,
    Notice,
    OutgoingEmail,
    RecipientLink,
    SignatureExport,
    Update,
)
from wagtail_petition.storage import private_storage

pytestmark = pytest.mark.django_db
Kind = OutgoingEmail.Kind
LANGUAGES = ["en", "it", "de", "es", "fr", "pt", "ar"]
# As long as a title may be, in two scripts.
LONG_TITLE = ("أوقفوا فصل العائلات – Schluß mit der Trennung " + "Straße" * 5 + " " + "ab " * 70)[
    :255
]
LINK = re.compile(r"https?://\S+")


def headers_by_hand(received):
    """{name: value} of a message's header lines: unfolded (RFC 5322) and nothing else."""
    head = received.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    lines = re.sub(rb"\n(?=[ \t])", b"", head).decode("ascii").split("\n")
    return {
        name.lower(): value.strip()
        for name, _colon, value in (line.partition(":") for line in lines)
    }


def decoded(text):
    """What encoded words say (RFC 2047), without the spaces that Python's parser of structured
    headers adds between them."""
    return str(make_header(decode_header(text)))


def plain_text_by_hand(received):
    """The text/plain part, found and decoded without the parser."""
    body = received.replace(b"\r\n", b"\n")
    boundary = re.search(rb'boundary="([^"]+)"', body)[1]
    for part in body.split(b"--" + boundary):
        head, _blank, content = part.lstrip(b"\n").partition(b"\n\n")
        if b"text/plain" in head:
            encoding = re.search(rb"(?i)transfer-encoding: *(\S+)", head)[1].lower()
            decode = {b"quoted-printable": quopri.decodestring, b"base64": b64decode}
            return decode.get(encoding, bytes)(content).decode().replace("\r\n", "\n")
    raise AssertionError("no text/plain part")


@pytest.fixture
def send(server):
    """Send an email of a kind over real SMTP; returns the message and the bytes that arrived."""

    def send(kind, signature, page):
        message = render_message(kind, signature, page)
        return send_message(message)

    def send_update(update, signature, page):
        issued = tokens.issue(signature, *LINKS[Kind.UPDATE])
        return send_message(render_update_message(update, signature, page, number=3, issued=issued))

    def send_message(message):
        assert open_mailer(timeout=5).send_messages([message]) == 1
        return message, server.received[-1]

    send.update = send_update
    send.message = send_message
    return send


@pytest.fixture
def long_page(make_page, settings):
    """A page with the longest title, sender and URLs, in other scripts."""
    settings.DEFAULT_FROM_EMAIL = "The site <petitions@" + "long-domain." * 8 + "example.org>"
    return make_page(
        title=LONG_TITLE,
        organisation="Verein „Straße, Börse & Söhne“, e. V. – " + "جمعية " * 8,
        reply_to="office.with.a.rather.long.name.of.its.own@a-long-domain-name.example.org",
    )


@pytest.fixture
def handed_over(long_page):
    """A delivery whose signers get an email."""
    return hand_over(long_page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_email_arrives_as_it_was_meant(
    send, long_page, handed_over, make_signature, make_update, language
):
    signature = make_signature(of=long_page, email="anna@bücher.example.org")
    signature.language = language
    update = make_update(long_page, email_subject=LONG_TITLE[:150], introduction=LONG_TITLE)
    for kind in set(Kind) - set(OutgoingEmail.TO_OTHERS):
        if kind == Kind.UPDATE:
            check(*send.update(update, signature, long_page), long_page, is_automatic=False)
        else:
            check(*send(kind, signature, long_page), long_page)


def check(message, received, page, is_automatic=True, is_bulk=True):
    """That ``received`` is ``message`` about ``page``, whole and readable."""
    assert max(map(len, received.split(b"\r\n"))) <= 998
    by_hand = headers_by_hand(received)
    links = LINK.findall(message.body)

    # What mail programs read literally, decoding nothing (RFC 2369, RFC 8058).
    if is_bulk:
        unsubscribe = message.extra_headers["List-Unsubscribe"]
        assert by_hand["list-unsubscribe"] == unsubscribe
        assert re.fullmatch(r"<https?://\S+/petitions/unsubscribe/[\w-]+/(\?news)?>", unsubscribe)
        assert unsubscribe.strip("<>") in links
        assert by_hand["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    else:
        assert "list-unsubscribe" not in by_hand
    assert by_hand.get("auto-submitted") == ("auto-generated" if is_automatic else None)
    for name in ("List-Id", "Feedback-ID"):
        assert by_hand.get(name.lower()) == message.extra_headers.get(name)

    # Who it is from and to, by hand and as Python reads it.
    parsed = message_from_bytes(received, policy=policy.default)
    assert not [part for part in parsed.walk() if part.defects]
    assert by_hand["to"] == parsed["To"] == "anna@xn--bcher-kva.example.org"
    (sender,) = parsed["From"].addresses
    assert by_hand["from"].endswith(f"<{sender.addr_spec}>")
    name, address = parseaddr(by_hand["from"])
    assert decoded(name) == page.organisation.strip()
    assert address == sender.addr_spec
    assert by_hand["reply-to"] == parsed["Reply-To"] == page.reply_to
    # Python 3.13.0 writes a space too many where encoded words meet.
    assert " ".join(decoded(by_hand["subject"]).split()) == message.subject

    # The text with every link whole, and the same links in the HTML.
    text = plain_text_by_hand(received)
    assert text.strip() == message.body.strip()
    assert LINK.findall(text) == links
    html = parsed.get_body(("html",)).get_content()
    assert [link for link in links if f'href="{link}"' not in html and link not in html] == []


@pytest.mark.parametrize("is_reminder", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_so_does_a_delivery_for_its_recipient(
    server, handed_over, long_page, language, is_reminder, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "media"
    path = private_storage().save("letter.pdf", ContentFile(b"%PDF" + bytes(range(256)) * 40))
    handed_over.files.create(name="letter.pdf", path=path, size=10_244, sha256="0" * 64)
    now = timezone.now()
    email = DeliveryEmail(
        delivery=handed_over,
        link=RecipientLink(delivery=handed_over, expires_at=now + timedelta(days=7)),
        to=["jane@bücher.example.org", "aide@example.org"],
        cc=["clerk@example.org"],
        reply_to=long_page.reply_to,
        language=language,
        subject=LONG_TITLE[:200],
        text=f"{LONG_TITLE}\n\n.\nFrom: nobody\n" + "أوقفوا " * 300,
    )
    recipient_emails.send(email)
    if is_reminder:
        OutgoingEmail.objects.update(payload={"email": email.pk, "is_reminder": True})
    message = recipient_emails.make_message(OutgoingEmail.objects.get())
    assert open_mailer(timeout=5).send_messages([message]) == 1
    received = server.received[-1]
    assert max(map(len, received.split(b"\r\n"))) <= 998
    by_hand = headers_by_hand(received)
    assert by_hand["to"] == "jane@xn--bcher-kva.example.org, aide@example.org"
    assert by_hand["cc"] == "clerk@example.org"
    assert by_hand["reply-to"] == long_page.reply_to
    assert "bcc" not in by_hand
    assert "list-unsubscribe" not in by_hand
    assert by_hand.get("auto-submitted") == ("auto-generated" if is_reminder else None)
    assert " ".join(decoded(by_hand["subject"]).split()) == message.subject
    parsed = message_from_bytes(received, policy=policy.default)
    assert not [part for part in parsed.walk() if part.defects]
    text = parsed.get_body(("plain",)).get_content()
    assert text.replace("\r\n", "\n").strip() == message.body.strip()
    (link,) = LINK.findall(text)
    assert f'href="{link}"' in parsed.get_body(("html",)).get_content()
    attached = [(part.get_filename(), part.get_content()) for part in parsed.iter_attachments()]
    letter = b"%PDF" + bytes(range(256)) * 40
    assert attached == ([] if is_reminder else [("letter.pdf", letter)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_so_does_the_email_about_a_closing_date(send, long_page, make_signature, language):
    signature = make_signature(of=long_page, email="anna@bücher.example.org")
    signature.language = language
    now = timezone.now()
    for before, after in ((None, now), (now, None), (now, now + timedelta(days=9))):
        update = Update(number=3, closed_before=before, closes_at=after, created_at=now)
        issued = tokens.issue(signature, *LINKS[Kind.UPDATE])
        message = render_deadline(update, signature, long_page, issued=issued)
        check(*send.message(message), long_page, is_automatic=False)


@pytest.mark.parametrize("is_organiser", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_so_do_the_emails_to_organisers(send, long_page, language, is_organiser):
    figures = {
        **{"total": 1234, "new": 56, "since": "2026-11-16"},
        "regions": {"US-NY": 812, "US-PA": 30},
        "before": {"US-NY": 800},
    }
    to = Tell("anna@bücher.example.org", language, is_organiser=is_organiser)
    for kind in Notice.Kind:
        notice = Notice(
            petition=ledger.ensure_petition(long_page),
            kind=kind,
            number=1000,
            week=date(2026, 11, 23),
            figures=figures,
        )
        message, received = send.message(render_notice(notice, to, long_page))
        check(message, received, long_page, is_bulk=False)
        html = message_from_bytes(received, policy=policy.default).get_body(("html",)).get_content()
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_so_does_the_email_that_an_export_is_ready(server, language):
    url = "http://localhost/admin/petitions/exports/" + "long-part/" * 20
    export = SignatureExport(
        user=get_user_model()(email="anna@bücher.example.org"),
        format="csv",
        language=language,
        time_zone="Europe/Rome",
        done=2001,
        expires_at=timezone.now(),
    )
    message = render_export_ready(export, url)
    assert open_mailer(timeout=5).send_messages([message]) == 1
    received = server.received[-1]
    by_hand = headers_by_hand(received)
    assert by_hand["to"] == "anna@xn--bcher-kva.example.org"
    assert by_hand["auto-submitted"] == "auto-generated"
    assert " ".join(decoded(by_hand["subject"]).split()) == message.subject
    # A user of the admin has nothing to unsubscribe from.
    assert "list-unsubscribe" not in by_hand
    content = message_from_bytes(received, policy=policy.default).get_content()
    text = content.replace("\r\n", "\n")
    assert text.strip() == message.body.strip()
    assert LINK.findall(text) == [url]


@pytest.mark.parametrize(
    "email",
    [
        "a" * 64 + "@example.org",
        "anna@" + "long-label-of-a-domain." * 8 + "example.org",
        "o'brien+petition@example.org",
    ],
)
def test_long_and_odd_addresses_arrive_unencoded(send, page, make_signature, email):
    _message, received = send(Kind.CONFIRM, make_signature(confirm=False, email=email), page)
    assert headers_by_hand(received)["to"] == email
    (found,) = message_from_bytes(received, policy=policy.default)["To"].addresses
    assert found.addr_spec == email
