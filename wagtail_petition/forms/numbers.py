"""Read whole numbers as people write them."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

# Unambiguous thousands separators: spaces, apostrophes, the Arabic separator.
GROUPING = "\u0020\u00a0\u2009\u202f'\u2019\u066c"
MINUS = "-\u2212"
DIGITS = 16


def read_whole_number(text: str) -> int:
    """Read ``text``, a whole number in the active language, with the digits of any script.

    Thousands may be grouped as in that language, or with spaces or apostrophes. Raises
    ``ValidationError`` for anything else, and for ambiguous numbers like "1.000" on an English
    page; its message asks for digits only.
    """
    text = "".join(_digit(char) for char in text.strip())
    sign = -1 if text[:1] in tuple(MINUS) else 1
    text = text[1:].lstrip() if text[:1] in ("+", *MINUS) else text
    separators = re.escape(GROUPING + _separator())
    # Groups of three, or of two before the last three as in India, with the same separator.
    grouped = re.fullmatch(rf"\d{{1,3}}(?:([{separators}])(?:\d{{2,3}}\1)*\d{{3}})?|\d+", text)
    if grouped is None:
        if re.fullmatch(r"\d[\d.,\u066b]*", text):
            raise ValidationError(
                _("Enter a whole number in digits only, like 1000, without commas or dots."),
                code="ambiguous",
            )
        raise ValidationError(_("Enter a whole number, like 12."), code="invalid")
    digits = re.sub(r"\D", "", text)
    # Longer numbers exceed all limits, and are slow to parse.
    return sign * int(digits.lstrip("0")[: DIGITS + 1] or "0")


def _separator():
    """The thousands separator of the active language if it is a comma or point, else ""."""
    separator = str(get_format("THOUSAND_SEPARATOR"))
    return separator if separator in (",", ".") else ""


def _digit(char):
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)
