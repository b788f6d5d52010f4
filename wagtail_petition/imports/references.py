"""The references of a row: its ids on the platform it is from, so that nobody is imported twice."""

import hashlib
from collections.abc import Sequence

from wagtail_petition.identity.sheet_numbers import line_reference
from wagtail_petition.models.search import fold

from .columns import Columns
from .person import Person
from .reading.table import Cell

DATES = ("signed_at", "confirmed_at")


def refer(person: Person, columns: Columns, cells: Sequence[Cell], sheet: str) -> None:
    """Set the row's references elsewhere, or one derived from its contents.

    ``sheet`` is the number of the paper sheet, if any.
    """
    references = [
        reference[:255]
        for text in columns.get_texts(cells, "origin_ref", "references")
        for reference in text.split()
    ]
    line = columns.get_text(cells, "line")
    if sheet and line:
        references.insert(0, line_reference(sheet, line))
    if not references and not person.fields["email"]:
        person.is_derived = True
        references = [_derive(person, columns, cells)]
    person.references = list(dict.fromkeys(references))
    person.fields["origin_ref"] = references[0] if references else ""


def _derive(person: Person, columns: Columns, cells: Sequence[Cell]) -> str:
    fields = person.fields
    said = [
        fold(f"{fields['given_name']} {fields['family_name']}"),
        *(fold(fields[name]) for name in ("postcode", "city", "region")),
        fields["country"],
        *columns.get_texts(cells, *DATES),
    ]
    return f"row-{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}"
