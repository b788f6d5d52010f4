"""Columns that searches read, made from other columns of the same row."""

import unicodedata
from collections.abc import Callable
from typing import Any

from django.db import models

KEY_LENGTH = 100
# Written and typed in so many ways that people can't be asked for the right one.
APOSTROPHES = dict.fromkeys(map(ord, "'’‘‛`´ʹʻʼʽʾʿˈ′＇"))
# Letters that Unicode does not take apart, as people without them on their keyboard type them.
BASES = str.maketrans(
    {
        **APOSTROPHES,
        **{"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ĸ": "k"},
        **{"ŋ": "n", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɛ": "e", "ɔ": "o", "ə": "e", "ƴ": "y"},
        **{"æ": "ae", "œ": "oe", "þ": "th"},
    }
)
# What stands for anything in the patterns that are compared with these columns.
WILDCARD = "*"


def fold(text: str) -> str:
    """``text`` as a search by name compares it: without case, accents, apostrophes, punctuation
    and surplus space."""
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
    """Text that ``make(instance)`` gives at every save and bulk_create.

    The database's own functions fold no accents, and on SQLite not even case beyond ASCII.
    Who writes with ``update()`` writes these columns as well.
    """

    def __init__(self, *args: Any, make: Callable[[Any], str] | None = None, **kwargs: Any) -> None:
        self.make = make
        options: dict[str, Any] = {"max_length": KEY_LENGTH, "editable": False, "default": ""}
        super().__init__(*args, **options | kwargs)

    def deconstruct(self):
        """A plain CharField to migrations: they create columns, not content."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, instance: models.Model, add: bool) -> str:
        # Only the copies that migrations make are without it, and these save nothing.
        assert self.make is not None
        value = self.make(instance)
        setattr(instance, self.attname, value)
        return value
