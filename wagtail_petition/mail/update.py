"""Render updates as emails. In each language, only the links differ between signers.

The text is rendered once for each language and cached for a minute. For each signer only the links
in it are replaced, so that an update is sent as fast as other emails.
"""

import functools
import secrets
import time
from typing import Any, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from wagtail_petition import addresses
from wagtail_petition.images import get_rendition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.token import Token

from .content import IMAGE_WIDTH, as_text, body_html, with_inline_styles
from .headers import LinkedMessage
from .rendering import URL_NAMES, compose, envelope, render_text

# Placeholders of the personal links in the cached text. They are random, so that an editor can't
# write one into a text.
MARK = secrets.token_hex(16)
MARKS = {name: f"https://{name}-{MARK}.invalid/" for name in ("manage", "unsubscribe", "news")}
KEPT = 64


class UpdateEmail(NamedTuple):
    """An update in one language, with ``MARKS`` instead of personal links."""

    subject: str
    text: str
    html: str


class _Wanted(NamedTuple):
    """The key of the cached text: everything that it depends on."""

    update: int
    page: int
    versions: tuple[Any, ...]
    source: str
    stored: str


def render_update(
    update: Any, page: Any, *, source: str = "update", stored: str = ""
) -> UpdateEmail:
    """The email of ``update`` in its language. Its links lead to ``page``, the petition's page.

    ``source`` is added to the links to our own pages, ``stored`` is the petition's script name.
    """
    versions = (update.last_published_at, page.last_published_at)
    wanted = _Wanted(update.pk, page.pk, versions, source, stored)
    kept = _kept(wanted, int(time.monotonic() // 60))
    if not kept:
        kept.append(_render(update, page, source, stored))
    return kept[0]


@functools.lru_cache(maxsize=KEPT)
def _kept(wanted: _Wanted, minute: int) -> list[UpdateEmail]:
    return []


def _render(update, page, source, stored, request=None, links=None, frame=None):
    language = update.language
    with translation.override(language), addresses.script_name(stored):
        page_url = addresses.reachable_url(page, request, stored)
        update_url = addresses.page_url(update, request, stored) or page_url
        context = {
            "page": update,
            "update": update,
            # In the same language, unlike ``page`` if the update isn't translated into its own.
            "petition_page": update.petition_page,
            "organisation": update.get_organisation(),
            "subject": update.get_email_subject(),
            "preheader": update.summary,
            "page_url": with_source(page_url, source),
            "form_url": with_source(page_url, source) + "#petition-form",
            "update_url": with_source(update_url, source),
            "image": _image(update, page_url),
            "image_alt": update.image_alt_text,
            "image_width": IMAGE_WIDTH,
            "language": language,
            "rtl": translation.get_language_bidi(),
            "envelope": frame,
            **{f"{name}_url": address for name, address in (links or MARKS).items()},
        }
        body = body_html(update, language, context, page_url)
        context |= {"body": body, "body_text": mark_safe(as_text(body))}
        text = render_text("update.txt", language, context).strip() + "\n"
        names = [
            f"wagtail_petition/mail/{language}/update.html",
            "wagtail_petition/mail/update.html",
        ]
        html = with_inline_styles(render_to_string(names, context))
    return UpdateEmail(context["subject"], text, html)


def _image(update, root):
    """The URL of the update's image, twice as wide as it is shown; "" without one."""
    rendition = get_rendition(update.image, f"width-{2 * IMAGE_WIDTH}") if update.image else None
    return urljoin(root, rendition.url) if rendition else ""


def with_source(address: str, source: str) -> str:
    """``address`` with ``?source=``, which the form stores as ``Signature.source``."""
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode({'source': source})}"


def render_update_message(
    update: Any,
    signature: Signature,
    page: Any,
    *,
    number: int,
    issued: dict[Token.Purpose, str],
) -> LinkedMessage:
    """The email of ``update`` to a signer. ``number`` is the update's, ``issued`` the tokens.

    ``page`` is the petition's page; ``LINKS`` has the purposes of the tokens.
    """
    stored = signature.petition.script_name
    email = render_update(update, page, source=f"update-{number}", stored=stored)
    links = {
        str(purpose): addresses.step_url(page, URL_NAMES[purpose], token, stored=stored)
        for purpose, token in issued.items()
    }
    links["news"] = f"{links['unsubscribe']}?news"
    text, html = email.text, email.html
    for name, address in links.items():
        text = text.replace(MARKS[name], address)
        html = html.replace(MARKS[name], escape(address))
    return _message(
        UpdateEmail(email.subject, text, html),
        page,
        signature.email,
        headers=list_headers(page, number, links["news"]),
    )


def render_test(update: Any, page: Any, to: str, request: Any = None) -> LinkedMessage:
    """The email of ``update`` for an editor to try. Its personal links lead to the petition."""
    stored = page.petition.script_name
    address = addresses.reachable_url(page, request, stored)
    links = dict.fromkeys(MARKS, address)
    email = _render(update, page, "update-test", stored, request, links)
    with translation.override(update.language):
        subject = _("Test: %(subject)s") % {"subject": email.subject}
    return _message(email._replace(subject=subject), page, to)


def _message(
    email: UpdateEmail, page: Any, to: str, headers: dict[str, str] | None = None
) -> LinkedMessage:
    return compose(page, to, (email.subject, email.text, email.html), headers)


def list_headers(page: Any, number: int, unsubscribe: str) -> dict[str, str]:
    """The headers of bulk mail: one-click unsubscribing (RFC 8058), and its list (RFC 2919)."""
    petition = page.petition
    host = urlsplit(addresses.root_url(page)).hostname or "localhost"
    return {
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<news-{petition.pk}.petitions.{host}>",
        "Feedback-ID": f"update-{number}:petition-{petition.pk}:news:petitions",
    }


def sample_update(update: Any, request: Any = None) -> str:
    """The email of a draft as HTML, with its sender and subject above it. Its links don't work."""
    page = update.petition_page
    if page is None:
        return ""
    try:
        root = addresses.root_url(page, request)
    except addresses.NoAddressError:
        root = "https://example.org"
    links = dict.fromkeys(MARKS, f"{root}/…")
    return mark_safe(
        _render(update, page, "update", "", request, links, envelope(page, "anna@example.org")).html
    )
