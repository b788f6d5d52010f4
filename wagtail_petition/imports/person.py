"""A person in a row of a file."""

import functools
from dataclasses import dataclass, field
from typing import Any

from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText

from .dates import stored


@dataclass
class Person:
    """A row that could be read: the fields of a signature, and its references elsewhere.

    ``is_derived`` is whether the reference is made from the row, since the file has none.
    """

    fields: dict[str, Any]
    references: list[str] = field(default_factory=list)
    is_derived: bool = False
    warnings: list[str] = field(default_factory=list)

    def to_signature(self, text: SignedText | None) -> Signature:
        """An unsaved signature of ``text``, or of the text on the row's sheet."""
        defaults, places = _signature_fields()
        values = defaults.copy()
        values[places["signed_text_id"]] = text and text.pk
        for name, value in self.fields.items():
            values[places[name]] = value
        for name in ("signed_at", "confirmed_at"):
            values[places[name]] = stored(self.fields[name])
        # In order, which takes half of the time of doing it by name.
        return Signature(*values)


@functools.cache
def _signature_fields() -> tuple[list[Any], dict[str, int]]:
    """The defaults of the fields of ``Signature``, in order, and the place of each."""
    fields = Signature._meta.concrete_fields
    return [field.get_default() for field in fields], {f.attname: n for n, f in enumerate(fields)}
