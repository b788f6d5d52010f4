"""The lock, the count and the tallies: what every verb that changes a count shares."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from wagtail_petition.clock import utc_date
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.tally import Tally

Status = Signature.Status

# What one more signature raises by one.
RAISED = ("signature_count", "last_number", "public_version")
# What tells one tally of a petition from another.
CELL = ("day", "country", "language", "source")


def lock(petition_pk: int) -> Petition:
    """Lock a petition's row until the transaction ends, and return it as it is then."""
    petitions = Petition.objects.filter(pk=petition_pk)
    if connection.features.has_select_for_no_key_update:
        # Not a key lock, which those who sign meanwhile would wait for.
        return petitions.select_for_update(no_key=True).get()
    petitions.update(last_number=F("last_number"))
    return petitions.get()


def count_one(petition_pk: int) -> dict[str, int]:
    """Lock a petition's row until the transaction ends, and count one more signature.

    One statement for what ``lock`` and ``move_count`` do in two: all others who confirm this
    petition wait meanwhile. The tally is left to ``move_tallies``. Returns the fields it raised,
    as {name: value}; ``last_number`` is the number of the signature.
    """
    quote = connection.ops.quote_name
    raised = [quote(name) for name in RAISED]
    with connection.cursor() as cursor:
        # Django's own update returns nothing.
        cursor.execute(
            f"UPDATE {quote(Petition._meta.db_table)}"
            f" SET {', '.join(f'{column} = {column} + 1' for column in raised)}"
            f" WHERE {quote('id')} = %s RETURNING {', '.join(raised)}",
            [petition_pk],
        )
        (values,) = cursor.fetchall()
    return dict(zip(RAISED, values, strict=True))


def move_count(
    petition: Petition, signatures: Sequence[Signature], delta: int, **changes: Any
) -> None:
    """Move the count and the tallies of a locked ``petition`` by these signatures."""
    if not signatures:
        return
    petition.signature_count += delta * len(signatures)
    petition.public_version += 1
    for name, value in changes.items():
        setattr(petition, name, value)
    petition.save(update_fields=["signature_count", "public_version", *changes])
    move_tallies(petition.pk, signatures, delta)


def move_tallies(petition_pk: int, signatures: Iterable[Signature], delta: int) -> None:
    """Move the tallies of a locked petition by these signatures, in one statement for them all."""
    moved = Counter(map(tally_cell, signatures))
    quote = connection.ops.quote_name
    table, cells = quote(Tally._meta.db_table), [quote(name) for name in CELL]
    adapt_day = connection.ops.adapt_datefield_value
    rows = [(adapt_day(day), *rest, delta * number) for (day, *rest), number in moved.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH moved ({', '.join(cells)}, number) AS (VALUES {_places(rows)})"
            f" UPDATE {table} SET count = {table}.count + moved.number FROM moved"
            f" WHERE petition_id = %s AND "
            + " AND ".join(f"{table}.{cell} = moved.{cell}" for cell in cells)
            + f" RETURNING {', '.join(f'{table}.{cell}' for cell in cells)}",
            [value for row in rows for value in row] + [petition_pk],
        )
        # SQLite's days are text.
        found = {(date.fromisoformat(str(day)), *rest) for day, *rest in cursor.fetchall()}
    Tally.objects.bulk_create(
        Tally(petition_id=petition_pk, count=delta * number, **dict(zip(CELL, cell, strict=True)))
        for cell, number in moved.items()
        if cell not in found
    )


def _places(rows):
    return ", ".join(f"({', '.join(['%s'] * len(row))})" for row in rows)


def to_count(signatures: QuerySet[Signature]) -> list[Signature]:
    """A queryset's signatures, with no more of them than tallies need."""
    return list(signatures.only("confirmed_at", "country", "language", "source"))


def tally_cell(signature: Signature) -> tuple[date, str, str, str]:
    """Which tally a confirmed signature is in: the values of ``CELL``."""
    # Whatever counts was confirmed.
    assert signature.confirmed_at is not None
    return (
        utc_date(signature.confirmed_at),
        str(signature.country or ""),
        signature.language,
        signature.source,
    )


def held_keys(petition: Petition, keys: Sequence[str | None]) -> set[str | None]:
    """Those of ``keys`` that one of the petition's signatures holds. Asked for in batches, since
    a database takes only so many parameters."""
    held: set[str | None] = set()
    for start in range(0, len(keys), 500):
        held.update(
            Signature.objects.filter(
                petition=petition,
                email_key__in=keys[start : start + 500],
                status__in=[Status.CONFIRMED, Status.INVALIDATED],
            ).values_list("email_key", flat=True)
        )
    return held
