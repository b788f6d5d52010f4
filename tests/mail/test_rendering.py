"""The contents and recipients of emails."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from tests.helpers import path_in
from wagtail_petition.mail.rendering import paragraphs, recipient, render_message
from wagtail_petition.models import OutgoingEmail, Token

pytestmark = pytest.mark.django_db
Kind = OutgoingEmail.Kind

BEFORE_CONFIRMING = [Kind.CONFIRM, Kind.REMINDER, Kind.LAST_CALL]
AFTER = [Kind.ALREADY_SIGNED, Kind.RECEIPT]

TYPED = {
    "given_name": "Evil, <img src=x>",
    "family_name": "Visit spam dot example",
    "message": "<a href=http://evil.example>Buy</a>",
    "city": "evilcity",
    "answers": {"q": "evilanswer"},
}
TRACE = re.compile(r"evil|spam|img src=x|<a href=http", re.IGNORECASE)


def sent(message):
    """The message as it goes over the wire, parsed again."""
    return message_from_bytes(message.message().as_bytes(), policy=policy.default)


@pytest.mark.parametrize("kind", BEFORE_CONFIRMING + AFTER)
def test_every_mail(kind, page, make_signature):
    signature = make_signature(confirm=kind in AFTER)
    message = render_message(kind, signature, page)
    assert message.to == ["anna@example.org"]
    assert not message.cc
    assert not message.bcc
    assert "Stop separating families" in message.subject
    assert "Stop separating families" in message.body
    html = message.alternatives[0].content
    step = "confirm" if kind in BEFORE_CONFIRMING else "signature"
    for name in (step, "unsubscribe"):
        path = path_in(message, name)
        assert f'href="http://localhost{path}"' in html
    assert (
        message.extra_headers["List-Unsubscribe"]
        .strip("<>")
        .endswith(path_in(message, "unsubscribe"))
    )
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("kind", BEFORE_CONFIRMING + AFTER)
def test_nothing_typed_is_relayed(kind, page, make_signature):
    signature = make_signature(confirm=kind in AFTER, **TYPED)
    message = render_message(kind, signature, page)
    assert TRACE.search(sent(message).as_string()) is None
    assert TRACE.search(message.body + message.alternatives[0].content) is None


# Addresses that a mail library could take for more than one, or for a header.
INJECTIONS = [
    "a@example.org, b@evil.example",
    "a@example.org\r\nBcc: b@evil.example",
    "a@example.org\nBcc: b@evil.example",
    "a@example.org\rBcc: b@evil.example",
    "a@example.org;b@evil.example",
    '"a, b"@example.org',
    "a@example.org>,<b@evil.example",
    "a@example.org%0d%0aBcc:b@evil.example",
    "a@example.org\u2028Bcc: b@evil.example",
    "a(comment)@example.org",
]


@pytest.mark.parametrize("address", INJECTIONS)
def test_address_that_is_more_than_an_address_is_refused(post, mailoutbox, address):
    assert post(email=address).status_code == 422
    assert mailoutbox == []


@pytest.mark.parametrize("pasted", ["<a@example.org>", "Evil, B. <a@example.org>"])
def test_of_a_pasted_mailbox_the_address_alone_is_written_to(post, mailoutbox, pasted):
    assert post(email=pasted).status_code == 303
    (message,) = mailoutbox
    assert message.recipients() == ["a@example.org"]
    assert TRACE.search(sent(message).as_string()) is None


@pytest.mark.parametrize("name", ["A, b@evil.example", "Anna\r\nBcc: b@evil.example"])
def test_address_in_a_name_is_refused(post, mailoutbox, name):
    assert post(given_name=name).status_code == 422
    assert mailoutbox == []


NAMES = [
    "Anna\r\nBcc: Evil",
    "Anna\nSubject: Evil",
    "A, B <Evil>",
    "Anna\r\n\r\nEvil",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_never_reach_a_header(client, post, mailoutbox, name):
    if post(given_name=name, family_name=name).status_code == 422:
        assert mailoutbox == []
        return
    client.post(path_in(mailoutbox[0], "confirm"))
    assert len(mailoutbox) == 2
    for message in mailoutbox:
        received = sent(message)
        assert received["To"] == "anna@example.org"
        assert received["Bcc"] is None
        assert TRACE.search(str(received.items())) is None


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("anna@example.org", "anna@example.org"),
        ("Anna@bücher.example.org", "Anna@xn--bcher-kva.example.org"),
        # Django, left alone, would write to strasse.example.org.
        ("anna@straße.example.org", "anna@xn--strae-oqa.example.org"),
    ],
)
def test_mail_goes_to_the_domain_that_was_typed(address, to):
    assert recipient(address) == to


def test_sender_and_replies(make_page, make_signature, settings):
    settings.DEFAULT_FROM_EMAIL = "The site <petitions@example.org>"
    page = make_page(sender_name="Büro, für\nalles", reply_to="office@example.org")
    message = render_message(Kind.CONFIRM, make_signature(of=page, confirm=False), page)
    received = sent(message)
    (address,) = received["From"].addresses
    assert (address.display_name, address.addr_spec) == ("Büro, für alles", "petitions@example.org")
    assert received["Reply-To"] == "office@example.org"


def test_sender_of_a_petition_that_names_none(page, make_signature, settings):
    settings.WAGTAIL_PETITION = {"FROM_EMAIL": "other@example.org"}
    message = render_message(Kind.CONFIRM, make_signature(confirm=False), page)
    assert message.from_email == "Test site <other@example.org>" or "other@example.org" in (
        message.from_email
    )
    assert message.reply_to == []


def test_titles_are_escaped_in_html_and_plain_in_text(make_page, make_signature):
    page = make_page(title="Cats & <b>dogs</b>")
    message = render_message(Kind.CONFIRM, make_signature(of=page, confirm=False), page)
    assert message.subject == "Please confirm your signature: Cats & <b>dogs</b>"
    assert "Cats & <b>dogs</b>" in message.body
    assert "Cats &amp; &lt;b&gt;dogs&lt;/b&gt;" in message.alternatives[0].content


def test_the_receipt_writes_the_number_as_the_page_does(page, make_signature):
    signature = make_signature()
    signature.number = 2001
    assert "number 2,001." in render_message(Kind.RECEIPT, signature, page).body


def test_the_reminder_promises_no_more_than_is_so(make_page, make_signature):
    """With a closing date, a last call follows."""
    page = make_page(closes_at=timezone.now() + timedelta(days=10))
    body = render_message(Kind.REMINDER, make_signature(of=page, confirm=False), page).body
    assert "at most once more" in body
    assert "only reminder" not in body


@pytest.mark.parametrize(
    ("days", "ends"), [(30, "Nov. 3, 2026"), (1, "Nov. 3, 2026"), (0, "Nov. 2")]
)
def test_the_email_says_how_long_its_link_works(
    make_page, make_signature, clock, settings, days, ends
):
    """By its own age, or until the petition takes no confirmations any more."""
    clock.stop(datetime(2026, 11, 1, 11, tzinfo=UTC))
    settings.WAGTAIL_PETITION = {"CONFIRM_LINK_AGE": timedelta(days=2)}
    page = make_page(closes_at=timezone.now() + timedelta(days=days, hours=1))
    body = render_message(Kind.CONFIRM, make_signature(of=page, confirm=False), page).body
    assert f"The link works until {ends}" in body
    assert "(CET)" in body


def test_an_address_keeps_its_order_among_arabic_words(page, make_signature):
    signature = make_signature(confirm=False)
    signature.language = "ar"
    html = render_message(Kind.CONFIRM, signature, page).alternatives[0].content
    assert f'<span dir="ltr">{page.full_url}</span>' in html


@pytest.mark.parametrize(("language", "direction"), [("it", "ltr"), ("ar", "rtl")])
def test_mail_in_the_language_and_direction_of_the_signer(
    page, make_signature, language, direction
):
    signature = make_signature(confirm=False)
    signature.language = language
    html = render_message(Kind.CONFIRM, signature, page).alternatives[0].content
    assert f'<html lang="{language}" dir="{direction}">' in html


def test_a_site_overrides_a_mail_in_one_language(page, make_signature, settings, tmp_path):
    folder = tmp_path / "wagtail_petition/mail/it"
    folder.mkdir(parents=True)
    (folder / "confirm.txt").write_text("Ciao!\n\nConfermo:\n{{ confirm_url }}")
    template = {**settings.TEMPLATES[0], "DIRS": [tmp_path]}
    settings.TEMPLATES = [template]
    signature = make_signature(confirm=False)
    assert "Ciao!" not in render_message(Kind.CONFIRM, signature, page).body
    signature.language = "it"
    message = render_message(Kind.CONFIRM, signature, page)
    assert message.body.startswith("Ciao!")
    assert ">Confermo</a>" in message.alternatives[0].content


def test_tokens_exist_before_the_mail_leaves(page, make_signature):
    message = render_message(Kind.CONFIRM, make_signature(confirm=False), page)
    assert set(Token.objects.values_list("purpose", flat=True)) == {"confirm", "unsubscribe"}
    assert not Token.objects.filter(sha256__in=message.body.split("/")).exists()


def test_the_first_link_is_a_button():
    text = (
        "Hello,\nyou.\n\nPress:\nhttps://a.example/\n\nMore：\nhttps://b.example/\n\nEnd: no link\n"
    )
    assert [tuple(p) for p in paragraphs(text)] == [
        ("Hello,\nyou.", "", False),
        ("Press", "https://a.example/", True),
        ("More", "https://b.example/", False),
        ("End: no link", "", False),
    ]


def test_an_editor_adds_a_text_to_the_receipt(make_page, make_signature):
    text = (
        "  We meet on 5 May. \r\n\r\n\r\n<b>Give</b> for the journey:\r\nhttps://give.example/\r\n"
    )
    page = make_page(receipt_text=text)
    mail = render_message(Kind.RECEIPT, make_signature(page), page)
    assert (
        "\n\nWe meet on 5 May.\n\n<b>Give</b> for the journey:\nhttps://give.example/\n"
        in mail.body
    )
    html = mail.alternatives[0].content
    assert "&lt;b&gt;Give&lt;/b&gt; for the journey" in html
    assert 'href="https://give.example/"' in html
    assert "\n\n\n" not in mail.body


def test_a_blank_text_leaves_no_gap(make_page, make_signature):
    page = make_page(receipt_text=" \r\n ")
    mail = render_message(Kind.RECEIPT, make_signature(page), page)
    assert "\n\n\n" not in mail.body
