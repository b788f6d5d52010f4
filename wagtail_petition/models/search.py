"""Search columns, computed from other columns of the same row."""

import functools
import unicodedata
from collections.abc import Callable
from typing import Any

from django.db import models

KEY_LENGTH = 100
# Apostrophes, including characters that people type in place of one.
APOSTROPHES = dict.fromkeys(map(ord, "'’‘‛`´ʹʻʼʽʾʿˈ′＇"))
# Letters that Unicode doesn't decompose, and what people type who lack them on their keyboard.
BASES = str.maketrans(
    {
        **APOSTROPHES,
        **{"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ĸ": "k"},
        **{"ŋ": "n", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɛ": "e", "ɔ": "o", "ə": "e", "ƴ": "y"},
        **{"æ": "ae", "œ": "oe", "þ": "th"},
    }
)
# Matches any text in patterns that are compared with these columns.
WILDCARD = "*"
# The same for ASCII: apostrophes are dropped, other punctuation becomes a space.
ASCII = str.maketrans(
    {
        **dict.fromkeys('!"#%&(),-./:;?@[\\]_{}', " "),
        **dict.fromkeys("'`"),
    }
)


@functools.lru_cache(maxsize=10_000)
def fold(text: str) -> str:
    """``text`` in the form that searches by name compare.

    Without case, accents, apostrophes, punctuation and extra spaces; at most ``KEY_LENGTH``
    characters.
    """
    if text.isascii():
        # Most names. Five times as fast.
        return " ".join(text.translate(ASCII).lower().split())[:KEY_LENGTH]
    text = text.translate(APOSTROPHES)
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(map(_bare, decomposed.translate(BASES)))
    return " ".join(bare.split())[:KEY_LENGTH]


def _bare(char: str) -> str:
    category = unicodedata.category(char)
    if unicodedata.combining(char) or category == "Cf":
        return ""
    return " " if category[0] == "P" and char != WILDCARD else char


class KeyField(models.CharField):
    """Text computed by ``make(instance)`` on every save and bulk_create.

    Computed in Python, because database functions don't fold accents, and SQLite folds the case
    of ASCII letters only. ``QuerySet.update()`` must set these columns itself.
    """

    def __init__(self, *args: Any, make: Callable[[Any], str] | None = None, **kwargs: Any) -> None:
        self.make = make
        options: dict[str, Any] = {"max_length": KEY_LENGTH, "editable": False, "default": ""}
        super().__init__(*args, **options | kwargs)

    def deconstruct(self):
        """In migrations it is a plain CharField."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, instance: models.Model, add: bool) -> str:
        # Only fields in migrations have no ``make``, and migrations save nothing.
        assert self.make is not None
        value = self.make(instance)
        setattr(instance, self.attname, value)
        return value
