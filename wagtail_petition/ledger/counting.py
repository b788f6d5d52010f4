"""The petition's lock, count and tallies, for all functions that change a count."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from wagtail_petition.clock import utc_date
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.tally import HomeTally, Tally

Status = Signature.Status

# The petition's fields that a confirmed signature raises by one.
RAISED = ("signature_count", "last_number", "public_version")
# The fields that identify a tally of a petition, and one by where people vote.
CELL = ("day", "country", "language", "source", "origin")
HOME_CELL = ("home_region", "country")


def lock(petition_pk: int) -> Petition:
    """Lock a petition's row until the transaction ends, and return its current state."""
    petitions = Petition.objects.filter(pk=petition_pk)
    if connection.features.has_select_for_no_key_update:
        # A new signature refers to the petition, and would wait for a lock on its key.
        return petitions.select_for_update(no_key=True).get()
    petitions.update(last_number=F("last_number"))
    return petitions.get()


def count_one(petition_pk: int) -> dict[str, int]:
    """Lock a petition's row until the transaction ends, and count one more signature.

    All other confirmations of the petition wait for this lock, so one statement does what
    ``lock`` and ``move_count`` do in two. It doesn't update the tally: call ``move_tallies``.

    Returns the raised fields as {name: new value}. ``last_number`` is the signature's number.
    """
    quote = connection.ops.quote_name
    raised = [quote(name) for name in RAISED]
    with connection.cursor() as cursor:
        # SQL, because QuerySet.update() can't return the new values.
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
    """Add ``delta`` (+1 or -1) per signature to the count and tallies of a locked petition.

    ``changes`` are further fields of the petition to save: {name: value}.
    """
    if not signatures:
        return
    petition.signature_count += delta * len(signatures)
    petition.public_version += 1
    for name, value in changes.items():
        setattr(petition, name, value)
    petition.save(update_fields=["signature_count", "public_version", *changes])
    move_tallies(petition.pk, signatures, delta)


def move_tallies(petition_pk: int, signatures: Iterable[Signature], delta: int) -> None:
    """Add ``delta`` (+1 or -1) per signature to the tallies of a locked petition.

    Signatures with a home region have a second tally.
    """
    signatures = list(signatures)
    _move(Tally, CELL, petition_pk, Counter(map(tally_cell, signatures)), delta)
    if homes := Counter(home_cell(each) for each in signatures if each.home_region):
        _move(HomeTally, HOME_CELL, petition_pk, homes, delta)


def _move(model, names, petition_pk, moved, delta):
    """One statement updates all tallies of ``model`` that exist; missing ones are created.

    ``moved`` is {values of the fields ``names``: number of signatures}.
    """
    quote = connection.ops.quote_name
    table, cells = quote(model._meta.db_table), [quote(name) for name in names]
    rows = [(*map(_adapt, cell), delta * number) for cell, number in moved.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH moved ({', '.join(cells)}, number) AS (VALUES {_places(rows)})"
            f" UPDATE {table} SET count = {table}.count + moved.number FROM moved"
            f" WHERE petition_id = %s AND "
            + " AND ".join(f"{table}.{cell} = moved.{cell}" for cell in cells)
            + f" RETURNING {', '.join(f'{table}.{cell}' for cell in cells)}",
            [value for row in rows for value in row] + [petition_pk],
        )
        # SQLite returns dates as text.
        found = {tuple(map(str, cell)) for cell in cursor.fetchall()}
    model.objects.bulk_create(
        model(petition_id=petition_pk, count=delta * number, **dict(zip(names, cell, strict=True)))
        for cell, number in moved.items()
        if tuple(map(str, cell)) not in found
    )


def _adapt(value):
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def _places(rows):
    return ", ".join(f"({', '.join(['%s'] * len(row))})" for row in rows)


def to_count(signatures: QuerySet[Signature]) -> list[Signature]:
    """The signatures of a queryset, loaded with the fields that tallies need."""
    return list(signatures.only("confirmed_at", "home_region", *CELL[1:]))


def tally_cell(signature: Signature) -> tuple[date, str, str, str, str]:
    """The values of ``CELL`` for a confirmed signature."""
    # A signature that counts has been confirmed.
    assert signature.confirmed_at is not None
    return (
        utc_date(signature.confirmed_at),
        _code(signature),
        signature.language,
        signature.source,
        signature.origin,
    )


def home_cell(signature: Signature) -> tuple[str, str]:
    """The values of ``HOME_CELL`` for a signature with a home region."""
    return signature.home_region, _code(signature)


def _code(signature):
    """The code of the country. The attribute makes an object each time."""
    return vars(signature)["country"] or ""


def held_keys(petition: Petition, keys: Sequence[str | None]) -> set[str | None]:
    """The canonical addresses in ``keys`` that have already signed the petition.

    Invalidated signatures count as signed. Queried in batches, because databases limit the
    number of parameters.
    """
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
