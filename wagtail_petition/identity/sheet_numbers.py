"""The numbers of printed sheets for signatures on paper.

A number is eight random characters and a check character, like ``K7Q-D4M-2XP``. Nothing is stored
when a sheet is printed. Two of 10,000 sheets have the same number with a probability of 1 in 10,000.
"""

import re
import secrets
import unicodedata

# No vowels but A, so that no words appear, and no characters that look like others (0, 1, I, L, O).
# Their number is prime, so the check finds each wrong character and each swap of two.
ALPHABET = "23456789ABCDFGHJKMNPQRSTVWXYZ"
RANDOM = 8
LENGTH = RANDOM + 1
# A photocopy has the number of its original. "/2" after it tells them apart.
PRINTED = re.compile(rf"([{ALPHABET}]{{{LENGTH}}})(/[1-9][0-9]?)?")
# The longest number, also of an organiser's own sheets.
MOST = 32


class WrongNumber(ValueError):
    """The number looks like one of ours, and a character is wrong."""


def new_number() -> str:
    """A number for a sheet, like ``K7Q-D4M-2XP``."""
    drawn = "".join(secrets.choice(ALPHABET) for _place in range(RANDOM))
    return _shown(drawn + _check(drawn))


def read_number(text: str) -> str:
    """The number of a sheet in the form that is stored, "" for an empty text.

    Blanks, hyphens and small letters make no difference in our numbers. An organiser's own numbers
    may be any text, which is stored in capitals. Raises ``WrongNumber``.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).upper().split())
    found = PRINTED.fullmatch(re.sub(r"[\s\u2010-\u2015-]", "", text))
    if not found:
        return text
    code, copy = found[1], found[2] or ""
    if _check(code[:RANDOM]) != code[RANDOM]:
        raise WrongNumber(text)
    return _shown(code) + copy


def line_reference(sheet: str, line: object) -> str:
    """The reference of a line of a sheet, the same from a file and typed in."""
    return f"{sheet} {line}"[:255]


def _shown(code: str) -> str:
    return "-".join(code[start : start + 3] for start in range(0, LENGTH, 3))


def _check(drawn: str) -> str:
    total = sum(weight * ALPHABET.index(char) for weight, char in enumerate(drawn, 2))
    return ALPHABET[-total % len(ALPHABET)]
