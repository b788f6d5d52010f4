"""Checks of the page's content and address."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_petition import addresses

from .check import Check, Level


def has_recipient(page: Any) -> bool:
    """Whether the page has a "To" recipient with a name."""
    return any(recipient.get("name") for recipient in page.to)


def recipient(page: Any) -> Check:
    """Check that there is a recipient."""
    if has_recipient(page):
        return Check(Level.DONE, _("Recipient added."), "recipients")
    return Check(Level.MISSING, _("Add at least one “To” recipient."), "recipients")


def letter(page: Any) -> Check:
    """Check that there is a letter."""
    if strip_tags(page.letter or "").strip():
        return Check(Level.DONE, _("Letter added."), "letter")
    return Check(Level.MISSING, _("Write the letter."), "letter")


def goal(page: Any) -> Check:
    """Tell which goal applies. Always done."""
    if page.terms.goal:
        return Check(Level.DONE, _("A goal is set."), "goal")
    return Check(Level.DONE, _("Automatic goal."), "goal")


def address(page: Any) -> Check | None:
    """A check if the page has no address, or emails can't link to it, else None."""
    try:
        addresses.root_url(page)
    except addresses.NoAddressError:
        return Check(
            Level.MISSING,
            _("Add a site under Settings › Sites: without one, no emails can be sent."),
            url=_admin_url("wagtailsites:index"),
        )
    if addresses.page_url(page):
        return None
    return Check(
        Level.MISSING,
        _("Move this page to a site: it has no address, so people can’t find it."),
        url=_admin_url("wagtailadmin_pages:move", page.pk),
    )


def _admin_url(name, *args):
    try:
        return reverse(name, args=args)
    except NoReverseMatch:  # A site may leave parts of the admin out.
        return ""


def alternative_texts(page: Any) -> Check:
    """Check that images have alternative texts."""
    without = [
        block
        for block in page.body
        if block.block_type == "image"
        and block.value.get("image")
        and not block.value.get("alt_text")
    ]
    if not without:
        return Check(Level.DONE, _("All images have alt text."), "body")
    return Check(
        Level.ADVICE,
        ngettext(
            "%(count)d image has no alt text. Leave it blank only for decorative images.",
            "%(count)d images have no alt text. Leave it blank only for decorative images.",
            len(without),
        )
        % {"count": len(without)},
        f"body.{without[0].id}.alt_text",
    )
