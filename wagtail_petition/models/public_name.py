"""The public form of a name: the first name and the initial of the last."""

import re
import unicodedata

IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def public_name(given_name: str, family_name: str) -> str:
    """ "Anna M.", or the first name alone if the last name has no initial."""
    initial = get_initial(family_name)
    return f"{given_name} {initial}.".strip() if initial else given_name


def get_initial(name: str) -> str:
    """The initial of a last name, or "" if it has none.

    Skips particles and text in brackets: "’t Hooft" gives H, "de la Cruz" gives C, "(née) Rossi"
    gives R. Chinese, Japanese and Korean names have no initial, because one character is a
    syllable or word, and often the whole name.
    """
    letters = [char for char in IN_BRACKETS.sub("", name) or name if _is_letter(char)]
    initial = next((char for char in letters if char.isupper()), letters[0] if letters else "")
    # Wide characters (W), and halfwidth forms (H).
    return "" if initial and unicodedata.east_asian_width(initial) in "WH" else initial


def _is_letter(char):
    # Modifier letters (Lm), such as ʼ, aren't initials.
    return char.isalpha() and unicodedata.category(char) != "Lm"
