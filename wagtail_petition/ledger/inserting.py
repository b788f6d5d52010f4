"""Insert many signatures with little work for each."""

import json
from collections.abc import Callable, Iterable
from functools import cache, partial
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Field, JSONField

from wagtail_petition.models.search import KeyField
from wagtail_petition.models.signature import Signature


def insert(signatures: Iterable[Signature]) -> None:
    """Save new signatures. They don't get their ids.

    It does the same as ``bulk_create`` in a fraction of its time: with COPY on PostgreSQL, and
    with one prepared statement elsewhere. Their foreign keys must refer to saved objects.
    """
    fields, computed, converters = _plan(connection.vendor)
    get_values = itemgetter(*(field.attname for field in fields))

    def values(signature: Signature) -> list[Any]:
        for field in computed:
            field.pre_save(signature, add=True)
        row = list(get_values(vars(signature)))
        for position, convert in converters:
            row[position] = convert(row[position])
        return row

    quote = connection.ops.quote_name
    table = quote(Signature._meta.db_table)
    columns = ", ".join(quote(field.column or field.name) for field in fields)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        # psycopg 2 has no such method.
        if connection.vendor == "postgresql" and hasattr(cursor, "copy"):
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for signature in signatures:
                    copy.write_row(values(signature))
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({places})", list(map(values, signatures))
            )


@cache
def _plan(
    vendor: str,
) -> tuple[list[Field], list[KeyField], list[tuple[int, Callable[[Any], Any]]]]:
    """The fields, those that are computed, and (position, converter) of those to convert."""
    fields = [field for field in Signature._meta.concrete_fields if not field.primary_key]
    computed = [field for field in fields if isinstance(field, KeyField)]
    converters = [
        (position, convert)
        for position, field in enumerate(fields)
        if (convert := _converter(field, vendor))
    ]
    return fields, computed, converters


def _converter(field: Field, vendor: str) -> Callable[[Any], Any] | None:
    """The function that makes a field's value storable, or None if it is already."""
    if isinstance(field, JSONField):
        return partial(json.dumps, cls=field.encoder)
    if isinstance(field, DateTimeField) and vendor != "postgresql":
        return connection.ops.adapt_datetimefield_value
    # Members of an enumeration.
    return str if field.choices else None
