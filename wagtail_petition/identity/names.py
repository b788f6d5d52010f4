"""Clean names, places and other short texts that people type on one line."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 100
# A text longer than this times the maximum is refused at once, without looking at it.
LONGEST = 10
# Vietnamese needs two marks on a letter, pointed and cantillated Hebrew four.
MARKS_PER_LETTER = 4
JOINERS = "\u200c\u200d"  # ZWNJ and ZWJ change how Persian and Indic names read.
# Invisible characters of copied text, which can be dropped: soft hyphens, zero-width characters,
# directional marks and isolates, byte order marks.
INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202c\u2060-\u2069\ufeff]")
# Unicode categories never used in names: control and format characters (which may reverse the
# text), surrogates, private use.
REFUSED = ("Cc", "Cf", "Cs", "Co")
# Texts that need no cleaning: words of ASCII letters and digits, with single spaces, apostrophes or
# hyphens between them.
PLAIN = re.compile(r"[A-Za-z0-9]+(?:[ '-][A-Za-z0-9]+)*")
# The start of a spreadsheet's formula. A lone dash isn't one.
FORMULA = re.compile(r"[=+@]|-.")

# Top-level domains that never end a name or abbreviation: a dotted word with one is an address.
# With MORE_ENDINGS (as in "J.Co", "Rossi.io" or "J.Page") it is one only before a path or a port.
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
# Browsers treat it as a dot in a domain. NFKC doesn't turn it into one.
IDEOGRAPHIC_FULL_STOP = "\u3002"


def clean_name(text: str, label: str = "", max_length: int = NAME_LENGTH) -> str:
    """``text`` in NFC, with single spaces and without invisible characters.

    ``label`` is the field's label for messages. Raises ``ValidationError`` if the text is too
    long, can't be stored, holds a web or email address, or starts like a spreadsheet's formula.
    """
    if PLAIN.fullmatch(text) and len(text) <= max_length:
        # Most names. Ten times as fast.
        return text
    if len(text) > LONGEST * max_length:
        raise too_long(label, max_length)
    text = INVISIBLE.sub("", text)
    # Twice, because each step may give the other more to do. A third round changes nothing.
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
    """The error for a text longer than ``max_length`` characters."""
    return ValidationError(
        _("Shorten “%(label)s” to %(max)d characters or fewer."),
        code="max_length",
        params={"label": label, "max": max_length},
    )


def is_address(text: str) -> bool:
    """Whether ``text`` holds a web or email address.

    Includes addresses in wide letters or with an ideographic full stop, which browsers follow.
    """
    plain = unicodedata.normalize("NFKC", text).replace(IDEOGRAPHIC_FULL_STOP, ".")
    return ADDRESS.search(plain) is not None


def _check_characters(text: str, label: str) -> None:
    if text.isascii() and text.isprintable():
        return
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
        # Unassigned: only noncharacters are refused. Others may be letters that are newer than
        # Python's Unicode tables.
        return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
    return category in REFUSED and char not in JOINERS
