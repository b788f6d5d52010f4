"""Whole numbers as people write them in their language."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

# What groups thousands and can't be meant otherwise: spaces, apostrophes, the Arabic sign.
GROUPING = "\u0020\u00a0\u2009\u202f'\u2019\u066c"
MINUS = "-\u2212"
DIGITS = 16


def read_whole_number(text: str) -> int:
    """The whole number that ``text`` means in the active language, in the digits of any script.

    Thousands may be grouped as the language does, by spaces or by apostrophes. Raises
    ValidationError for anything else, and for what people of different countries read
    differently, like "1.000" on an English page: it is asked for in digits only.
    """
    text = "".join(_digit(char) for char in text.strip())
    sign = -1 if text[:1] in tuple(MINUS) else 1
    text = text[1:].lstrip() if text[:1] in ("+", *MINUS) else text
    separators = re.escape(GROUPING + _separator())
    # Thousands, or thousands and then hundreds as in India; with one separator throughout.
    grouped = re.fullmatch(rf"\d{{1,3}}(?:([{separators}])(?:\d{{2,3}}\1)*\d{{3}})?|\d+", text)
    if grouped is None:
        if re.fullmatch(r"\d[\d.,\u066b]*", text):
            raise ValidationError(
                _("Enter a whole number in digits only, like 1000, without commas or dots."),
                code="ambiguous",
            )
        raise ValidationError(_("Enter a whole number, like 12."), code="invalid")
    digits = re.sub(r"\D", "", text)
    # Longer ones are out of all bounds, and slow to read.
    return sign * int(digits.lstrip("0")[: DIGITS + 1] or "0")


def _separator():
    """The comma or the point, where it groups thousands in the active language."""
    separator = str(get_format("THOUSAND_SEPARATOR"))
    return separator if separator in (",", ".") else ""


def _digit(char):
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)
