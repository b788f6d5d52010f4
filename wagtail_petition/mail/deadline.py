"""Render the email to signers that the closing date has changed."""

from typing import Any

from django.utils import timezone, translation

from wagtail_petition import addresses
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.token import Token
from wagtail_petition.models.update import Update

from .headers import LinkedMessage
from .rendering import URL_NAMES, compose, envelope, write_parts
from .update import list_headers, with_source


def render_deadline(
    update: Update, signature: Signature, page: Any, *, issued: dict[Token.Purpose, str]
) -> LinkedMessage:
    """The email of ``update`` to a signer, in their language. ``issued`` are the tokens.

    ``page`` is the petition's page; ``LINKS`` has the purposes of the tokens.
    """
    stored = signature.petition.script_name
    with translation.override(signature.language):
        links = {
            str(purpose): addresses.step_url(page, URL_NAMES[purpose], token, stored=stored)
            for purpose, token in issued.items()
        }
        links["news"] = f"{links['unsubscribe']}?news"
        page_url = addresses.reachable_url(page, stored=stored)
        context = _context(update, page, links, with_source(page_url, f"update-{update.number}"))
        parts = write_parts("deadline", signature.language, context)
    headers = list_headers(page, update.number, links["news"])
    return compose(page, signature.email, parts, headers)


def sample_deadline(update: Update, page: Any, request: Any = None) -> str:
    """The email in the language of ``page`` as HTML, with its sender and subject above it.

    Its links don't work.
    """
    with translation.override(page.language):
        try:
            root = addresses.root_url(page, request)
            page_url = addresses.reachable_url(page, request)
        except addresses.NoAddressError:
            root = page_url = "https://example.org"
        links = dict.fromkeys(("manage", "unsubscribe", "news"), f"{root}/…")
        context = _context(update, page, links, page_url)
        frame = envelope(page, "anna@example.org")
        return write_parts("deadline", page.language, context, envelope=frame)[2]


def _context(update, page, links, page_url):
    before, after = update.closed_before, update.closes_at
    return {
        "page": page,
        "title": page.title,
        "organisation": page.get_organisation(),
        "closes_at": after,
        "closed_before": before,
        # When the date moved, not when this email is sent.
        "is_reopened": before is not None and before <= (update.created_at or timezone.now()),
        "is_earlier": before is not None and after is not None and after < before,
        "page_url": page_url,
        **{f"{name}_url": address for name, address in links.items()},
    }
