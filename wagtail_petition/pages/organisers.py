"""Who gets the emails to a petition's organisers."""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wagtail_petition.identity.address_lists import read_addresses

logger = logging.getLogger("wagtail_petition.pages")


def check_organisers(page: Any) -> None:
    """Raise ``ValidationError`` if the page's own fields have wrong addresses, or lack one."""
    errors = {}
    for name in ("notify_addresses", "report_addresses"):
        try:
            read_addresses(getattr(page, name))
        except ValidationError as error:
            errors[name] = error
    if (page.notify_milestones or page.notify_weekly) and not (
        page.notify_addresses.strip() or page.reply_to
    ):
        errors["notify_addresses"] = ValidationError(
            _("Enter an address here, or a reply-to address under “Emails”.")
        )
    if errors:
        raise ValidationError(errors)


def get_organisers(page: Any) -> list[str]:
    """The addresses of the organisers, normalised: by default the page's reply-to address."""
    return _read(page, page.terms.notify_addresses or page.reply_to)


def get_readers(page: Any) -> list[str]:
    """Others who get the weekly report, normalised, such as the petition's recipient."""
    organisers = get_organisers(page)
    return [each for each in _read(page, page.terms.report_addresses) if each not in organisers]


def _read(page, text):
    try:
        return read_addresses(text)
    except ValidationError:
        # Code can save a page without checking it. That must not stop other emails.
        logger.error("Wrong addresses of organisers on page %s: nobody is notified", page.pk)
        return []
