"""Columns that searches read, made from other columns of the same row."""

import unicodedata

from django.db import models

KEY_LENGTH = 100


def fold(text):
    """``text`` without case, accents and surplus space: what a search by name compares."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.split())[:KEY_LENGTH]


class KeyField(models.CharField):
    """Text that ``make(instance)`` gives at every save and bulk_create.

    The database's own functions fold no accents, and on SQLite not even case beyond ASCII.
    Who writes with ``update()`` writes these columns as well.
    """

    def __init__(self, *args, make=None, **kwargs):
        self.make = make
        options = {"max_length": KEY_LENGTH, "editable": False, "default": ""}
        super().__init__(*args, **options | kwargs)

    def deconstruct(self):
        """A plain CharField to migrations: they create columns, not content."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, instance, add):
        value = self.make(instance)
        setattr(instance, self.attname, value)
        return value
