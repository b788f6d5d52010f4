"""Render emails: the subject, the plain text, and HTML made from the text.

The text of a kind is the template ``wagtail_petition/mail/<kind>.txt``, its subject
``<kind>_subject.txt``. A site overrides them for all languages, or for one language with
``wagtail_petition/mail/<language>/<kind>.txt``. In the HTML, a line that ends in a colon with a
URL on the next line becomes a button or link.
"""

from collections.abc import Iterator
from datetime import datetime
from email.utils import formataddr, parseaddr
from typing import Any, NamedTuple

from django.conf import settings as django_settings
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from wagtail_petition import addresses, representatives
from wagtail_petition.conf import settings
from wagtail_petition.identity.emails import ascii_domain
from wagtail_petition.ledger import tokens
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.export import SignatureExport
from wagtail_petition.models.origin import Origin
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.token import Token
from wagtail_petition.pages.mixin import PetitionPageMixin

from .content import with_inline_styles
from .headers import LinkedMessage

Kind = OutgoingEmail.Kind
Purpose = Token.Purpose

# The links in each kind of email.
LINKS: dict[str, tuple[Purpose, ...]] = {
    Kind.CONFIRM: (Purpose.CONFIRM, Purpose.UNSUBSCRIBE),
    Kind.REMINDER: (Purpose.CONFIRM, Purpose.UNSUBSCRIBE),
    Kind.LAST_CALL: (Purpose.CONFIRM, Purpose.UNSUBSCRIBE),
    Kind.ALREADY_SIGNED: (Purpose.MANAGE, Purpose.UNSUBSCRIBE),
    Kind.RECEIPT: (Purpose.MANAGE, Purpose.UNSUBSCRIBE),
    Kind.DELIVERED: (Purpose.MANAGE, Purpose.UNSUBSCRIBE),
    Kind.MOVED: (Purpose.MANAGE, Purpose.UNSUBSCRIBE),
    Kind.UPDATE: (Purpose.MANAGE, Purpose.UNSUBSCRIBE),
}
URL_NAMES = {
    Purpose.CONFIRM: "confirm",
    Purpose.MANAGE: "signature",
    Purpose.UNSUBSCRIBE: "unsubscribe",
}


class Paragraph(NamedTuple):
    """A paragraph of text, or a link if it has a ``url``. The first link is a button."""

    text: str
    url: str = ""
    is_button: bool = False


def render_message(
    kind: str,
    signature: Signature,
    page: PetitionPageMixin,
    *,
    opted_out: bool = False,
    issued: dict[Purpose, str] | None = None,
) -> LinkedMessage:
    """Render the email of ``kind`` about ``signature``, in the signer's language.

    ``issued`` are the tokens for its links, {purpose: token}; they are created if not given. With
    ``opted_out``, the email explains why an address that opted out gets it. Returns a
    ``LinkedMessage`` to the address as typed.
    """
    if issued is None:
        issued = tokens.issue(signature, *LINKS[kind])
    stored = signature.petition.script_name
    with translation.override(signature.language):
        links = {
            f"{purpose}_url": addresses.step_url(page, URL_NAMES[purpose], token, stored=stored)
            for purpose, token in issued.items()
        }
        context = {
            "signature": signature,
            "page": page,
            "opted_out": opted_out,
            "link_ends": link_ends(page),
            "page_url": addresses.reachable_url(page, stored=stored),
            **links,
        }
        if Purpose.MANAGE in issued:
            token = issued[Purpose.MANAGE]
            context["receipt_url"] = addresses.step_url(page, "receipt", token, stored=stored)
        if kind == Kind.RECEIPT:
            context["representatives"] = representatives.for_signature(signature)
        if kind == Kind.DELIVERED:
            told = signature.petition.deliveries.exclude(told_at=None)
            context["delivery"] = told.order_by("told_at").last()
        parts = write_parts(kind, signature.language, context)
    headers = {
        "List-Unsubscribe": f"<{links['unsubscribe_url']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    return compose(page, signature.email, parts, headers)


def compose(
    page: PetitionPageMixin,
    address: str,
    parts: tuple[str, str, str],
    headers: dict[str, str] | None,
) -> LinkedMessage:
    """An email about ``page`` to ``address``. ``parts`` are its subject, text and HTML."""
    subject, text, html = parts
    message = LinkedMessage(
        subject=subject,
        body=text,
        from_email=sender(page),
        to=[recipient(address)],
        reply_to=[page.reply_to] if page.reply_to else None,
        headers=headers,
    )
    message.attach_alternative(html, "text/html")
    return message


def write_parts(
    kind: str, language: str, context: dict[str, Any], **more: Any
) -> tuple[str, str, str]:
    """The subject, the text and the HTML of an email, in ``language``, which is active.

    ``more`` is for the HTML: ``envelope`` is shown above a sample.
    """
    subject = " ".join(render_text(f"{kind}_subject.txt", language, context).split())
    text = render_text(f"{kind}.txt", language, context).strip() + "\n"
    html = render_to_string(
        "wagtail_petition/mail/message.html",
        {
            "subject": subject,
            "paragraphs": list(paragraphs(text)),
            "language": language,
            "rtl": translation.get_language_bidi(),
            **more,
        },
    )
    return subject, text, with_inline_styles(html)


def sample_message(kind: str, page: PetitionPageMixin, request: HttpRequest | None = None) -> str:
    """An email of ``kind`` about ``page`` as HTML, with its sender and subject above it.

    For editors: nothing is stored or sent, and its links don't work.
    """
    signature = Signature(
        petition=page.petition,
        language=page.language,
        number=page.petition.last_number + 1,
        given_name="Anna",
        family_name="Moretti",
        email="anna@example.org",
        signed_at=timezone.now(),
        origin=Origin.OTHER if kind == Kind.MOVED else Origin.WEB,
    )
    with translation.override(page.language):
        try:
            root, page_url = (
                addresses.root_url(page, request),
                addresses.reachable_url(page, request),
            )
        except addresses.NoAddressError:
            root = page_url = "https://example.org/"
        context = {
            "signature": signature,
            "page": page,
            "link_ends": link_ends(page),
            "page_url": page_url,
            "receipt_url": f"{root}/…",
            **{f"{purpose}_url": f"{root}/…" for purpose in LINKS[kind]},
        }
        frame = envelope(page, signature.email)
        return write_parts(kind, page.language, context, envelope=frame)[2]


def envelope(page, to):
    """The sender and the recipient of an email about ``page``, to show above a sample."""
    name, address = _sender(page)
    return {"sender": f"{name} <{address}>", "recipient": to, "reply_to": page.reply_to}


def link_ends(page: PetitionPageMixin) -> datetime:
    """When a confirmation link made now stops working: by its age, or with the petition."""
    by_age = timezone.now() + settings.CONFIRM_LINK_AGE
    closes_at = page.terms.closes_at
    if not closes_at:
        return by_age
    return min(by_age, closes_at + settings.CONFIRM_GRACE)


def render_export_ready(export: SignatureExport, url: str) -> EmailMessage:
    """Render the email that tells a user that their export is ready at ``url``.

    The file isn't attached.
    """
    with timezone.override(export.time_zone):
        return render_to_user(
            "export_ready", export.address, export.language, {"export": export, "url": url}
        )


def render_to_user(name: str, address: str, language: str, context: dict[str, Any]) -> EmailMessage:
    """Render an email to a user of the admin, from the templates ``name`` and ``name``_subject."""
    with translation.override(language):
        subject = render_text(f"{name}_subject.txt", language, context)
        text = render_text(f"{name}.txt", language, context)
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=text.strip() + "\n",
        from_email=settings.FROM_EMAIL or django_settings.DEFAULT_FROM_EMAIL,
        to=[recipient(address)],
        headers={"Auto-Submitted": "auto-generated"},
    )


def recipient(email: str) -> str:
    """The To header: the address without a name, since a comma in a name would split it in two.

    The domain is encoded here, because Django would turn "straße" into another domain.
    """
    local, _at, domain = email.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def sender(page: PetitionPageMixin) -> str:
    """The From header: the page's sender name with the site's address."""
    return formataddr(_sender(page))


def _sender(page):
    """The sender's name and address, as people read them."""
    name, address = parseaddr(settings.FROM_EMAIL or django_settings.DEFAULT_FROM_EMAIL)
    own = " ".join((page.sender_name or page.get_organisation()).split())
    return own or name, address


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Yield a ``Paragraph`` for each paragraph of a plain text.

    Two lines, "Label:" and a URL, are a link.
    """
    has_button = False
    for block in text.strip().split("\n\n"):
        lines = block.strip().splitlines()
        if len(lines) == 2 and lines[1].startswith(("http://", "https://")):
            yield Paragraph(lines[0].rstrip(":："), lines[1], is_button=not has_button)
            has_button = True
        elif lines:
            yield Paragraph("\n".join(lines))


def render_text(name, language, context):
    """A template of emails, the language's own if there is one."""
    names = [f"wagtail_petition/mail/{language}/{name}", f"wagtail_petition/mail/{name}"]
    return render_to_string(names, context)
