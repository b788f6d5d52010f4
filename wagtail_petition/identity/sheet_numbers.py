"""The numbers of printed sheets for signatures on paper.

A number is eight random characters, the mark of the text on the sheet, and a check character, like
``K7Q-D4M-2XB-H9P``. The number itself isn't stored. Two of 10,000 sheets have the same number with a
probability of 1 in 10,000. The numbers of older sheets have no mark.
"""

import hashlib
import re
import secrets
import unicodedata

# No vowels but A, so that no words appear, and no characters that look like others (0, 1, I, L, O).
# Their number is prime, so the check finds each wrong character and each swap of two.
ALPHABET = "23456789ABCDFGHJKMNPQRSTVWXYZ"
RANDOM, MARK = 8, 3
# A photocopy has the number of its original: "/2" is added to tell them apart.
PRINTED = re.compile(
    rf"([{ALPHABET}]{{{RANDOM}}}([{ALPHABET}]{{{MARK}}})?[{ALPHABET}])(/[1-9][0-9]?)?"
)
# The longest number, also of an organiser's own sheets.
MOST = 32


class WrongNumber(ValueError):
    """The number looks like one of ours, and a character is wrong."""


def new_number(mark: str) -> str:
    """A number for a sheet that shows the text with this mark, like ``K7Q-D4M-2XB-H9P``."""
    drawn = "".join(secrets.choice(ALPHABET) for _place in range(RANDOM)) + mark
    return _shown(drawn + _check(drawn))


def make_mark(text_hash: str, attempt: int = 0) -> str:
    """A mark for the text with this hash: one of 24,389. Each ``attempt`` gives another."""
    rest = int.from_bytes(hashlib.sha256(f"{text_hash} {attempt}".encode()).digest())
    mark = ""
    for _place in range(MARK):
        rest, place = divmod(rest, len(ALPHABET))
        mark += ALPHABET[place]
    return mark


def read_number(text: str) -> str:
    """The number of a sheet in the form that is stored, "" for an empty text.

    Blanks, hyphens and small letters make no difference in our numbers. An organiser's own numbers
    may be any text, which is stored in capitals. Raises ``WrongNumber``.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).upper().split())
    found = _find(text)
    if not found:
        return text
    code, copy = found[1], found[3] or ""
    if _check(code[:-1]) != code[-1]:
        raise WrongNumber(text)
    return _shown(code) + copy


def get_mark(number: str) -> str:
    """The mark of the text in a number that ``read_number`` returned; "" if it has none."""
    found = _find(number)
    return (found and found[2]) or ""


def line_reference(sheet: str, line: object) -> str:
    """The reference of a line of a sheet, the same from a file and typed in."""
    return f"{sheet} {line}"[:255]


def _find(text: str) -> re.Match[str] | None:
    return PRINTED.fullmatch(re.sub(r"[\s\u2010-\u2015-]", "", text))


def _shown(code: str) -> str:
    return "-".join(code[start : start + 3] for start in range(0, len(code), 3))


def _check(drawn: str) -> str:
    total = sum(weight * ALPHABET.index(char) for weight, char in enumerate(drawn, 2))
    return ALPHABET[-total % len(ALPHABET)]
