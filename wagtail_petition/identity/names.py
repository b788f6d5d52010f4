"""What people write about themselves on one line, such as names and places, cleaned up."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 100
# More than this for each character that fits is no name, and isn't looked at any closer.
LONGEST = 10
# Vietnamese needs two marks on a letter, pointed and cantillated Hebrew four.
MARKS_PER_LETTER = 4
JOINERS = "\u200c\u200d"  # ZWNJ and ZWJ change how Persian and Indic names read.
# What copying takes along and nobody sees: soft hyphens, zero widths, marks and isolates of
# direction, byte order marks. Without it the text reads the same.
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202c\u2060-\u2069\ufeff]")
# Control characters, what turns text around, surrogates, private use: nobody's name, and what it
# shows differs from what is stored.
REFUSED = ("Cc", "Cf", "Cs", "Co")
# Letters of all scripts are welcome; of what a spreadsheet takes for a formula, a lone dash is too.
FORMULA = re.compile(r"[=+@]|-.")

# Endings that are no abbreviation and nobody's name: after them a dotted word is an address. Of
# others, like "J.Co", "Rossi.io" or "J.Page", only with a path or a port.
ENDINGS = "com|org|net|info|biz|edu|gov|mobi|xyz|online|website|site|club|shop|click|icu|рф"
MORE_ENDINGS = "top|link|store|tech|live|page|space|blog|news|app|dev|cloud|win|vip|[a-z]{2}"
ADDRESS = re.compile(
    r"://|\bhttps?:"
    r"|\bwww\d?\.\w"
    rf"|[\w-]\.(?:{ENDINGS})(?![\w-])"
    rf"|[\w-]\.(?:{MORE_ENDINGS})(?:[/?#]\S|:\d)"
    r"|[\w.+-]@[\w-]+\.\w",  # an email address
    re.IGNORECASE,
)
# Browsers take it for the dot of an address, as they do wide ones.
IDEOGRAPHIC_FULL_STOP = "\u3002"


def clean_name(text: str, label: str = "", max_length: int = NAME_LENGTH) -> str:
    """``text`` as it was typed, in NFC, with single spaces and without what nobody sees.

    ``label`` is the name of its field, for the words of a refusal. Raises ValidationError for what
    is too long, can't be stored, holds the address of a site or a mailbox, or starts as a
    spreadsheet's formula does.
    """
    if len(text) > LONGEST * max_length:
        raise too_long(label, max_length)
    text = INVISIBLE.sub("", text)
    # Composing may split a letter into more marks, and dropping may let letters compose: after
    # two rounds nothing changes any more.
    for _round in range(2):
        text = unicodedata.normalize("NFC", " ".join(text.split()))
        _check_characters(text, label)
    if not text.strip(JOINERS):
        return ""
    if len(text) > max_length:
        raise too_long(label, max_length)
    if FORMULA.match(text):
        raise ValidationError(
            _("Start “%(label)s” with a letter or a number."),
            code="formula",
            params={"label": label},
        )
    if is_address(text):
        raise ValidationError(
            _("Leave web and email addresses out of “%(label)s”."),
            code="link",
            params={"label": label},
        )
    return text


def too_long(label: str, max_length: int) -> ValidationError:
    """The error of a text that is longer than ``max_length`` characters."""
    return ValidationError(
        _("Shorten “%(label)s” to %(max)d characters or fewer."),
        code="max_length",
        params={"label": label, "max": max_length},
    )


def is_address(text: str) -> bool:
    """Whether there is an address of a site or a mailbox in ``text``.

    Also one in wide letters, or with another script's full stop, which browsers follow as well.
    """
    plain = unicodedata.normalize("NFKC", text).replace(IDEOGRAPHIC_FULL_STOP, ".")
    return ADDRESS.search(plain) is not None


def _check_characters(text: str, label: str) -> None:
    marks = 0
    for char in text:
        marks = marks + 1 if _is_mark(char) else 0
        if marks > MARKS_PER_LETTER or _is_refused(char):
            raise ValidationError(
                _("“%(label)s” contains a character we can’t store. Please type it again."),
                code="character",
                params={"label": label},
            )


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me") or unicodedata.combining(char) != 0


def _is_refused(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Cn":
        # Of what is not assigned only the noncharacters, which never will be: the rest may be
        # letters of a name, newer than this Python's tables.
        return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
    return category in REFUSED and char not in JOINERS
