"""Lists of email addresses that somebody types into one field."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .emails import normalise_email

# How many addresses a list may have. For more people there are mailing lists.
MOST = 20
BETWEEN = re.compile(r"[\n,;]+")


def read_addresses(text: str) -> list[str]:
    """The addresses in ``text``, normalised, in order, each once.

    They stand on lines of their own, or between commas or semicolons. Raises ``ValidationError``
    with a message that names what isn't an address, or if there are more than ``MOST``.
    """
    found: dict[str, None] = {}
    for part in filter(None, map(str.strip, BETWEEN.split(text))):
        try:
            found[normalise_email(part)] = None
        except ValidationError as error:
            raise ValidationError(
                _("“%(text)s” is not an email address."), code="email", params={"text": part}
            ) from error
    if len(found) > MOST:
        raise ValidationError(
            _("Enter at most %(most)d addresses. For more people, use a mailing list."),
            code="most",
            params={"most": MOST},
        )
    return list(found)
