"""How a name is shown to everybody: the first name, and no more than an initial of the last."""

import re
import unicodedata

IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def public_name(given_name: str, family_name: str) -> str:
    """ "Anna M.", or the first name alone where the last has no initial."""
    initial = get_initial(family_name)
    return f"{given_name} {initial}.".strip() if initial else given_name


def get_initial(name: str) -> str:
    """The letter that stands for a last name, or "" where none could without telling all of it.

    Particles and what stands in brackets are passed over: "’t Hooft" is H, "de la Cruz" is C,
    "(née) Rossi" is R. A Chinese, Japanese or Korean sign is a whole syllable or word, and often
    the whole name: those scripts have no initials.
    """
    letters = [char for char in IN_BRACKETS.sub("", name) or name if _is_letter(char)]
    initial = next((char for char in letters if char.isupper()), letters[0] if letters else "")
    # Wide, and the halfwidth forms of what is wide.
    return "" if initial and unicodedata.east_asian_width(initial) in "WH" else initial


def _is_letter(char):
    # Not those that only modify others, as the apostrophe of Unicode's letters does.
    return char.isalpha() and unicodedata.category(char) != "Lm"
