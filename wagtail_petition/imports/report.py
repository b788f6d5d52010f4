"""The report on the rows of a file: those that aren't new, and the first new ones.

It is stored and deleted with the file.
"""

import json
import tempfile
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from wagtail_petition import ledger
from wagtail_petition.exports.writers import csv_chunks
from wagtail_petition.ledger import ImportResult, Incoming
from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.signature import Signature

from . import batches
from .matching import Rows
from .reading.table import as_text
from .rows import RowReader

# The report has only the first new rows.
MOST_NEW = 100
# The results of rows that can be corrected and imported later.
REFUSED = (ImportResult.REJECTED, ImportResult.BLOCKED)


def reason_for(result: ImportResult) -> str:
    """The message for a row that the ledger refuses; "" for other results."""
    if result != ImportResult.BLOCKED:
        return ""
    return _("A block rule refuses this email address. To add it, allow the address by a rule.")


def save(batch: ImportBatch, rows: Rows) -> None:
    with tempfile.TemporaryFile() as file:
        # In the file's order, which PostgreSQL doesn't keep in ``batch.mapping``.
        file.write(json.dumps(rows.table.headings, ensure_ascii=False).encode() + b"\n")
        for row, outcome in rows.with_outcomes():
            line = {
                "row": row.number,
                "outcome": outcome.result,
                "reason": outcome.reason,
                "resembled": outcome.resembled,
                "cells": [as_text(cell) for cell in row.cells],
            }
            file.write(json.dumps(line, ensure_ascii=False).encode(errors="replace") + b"\n")
        file.seek(0)
        batches.save_report(batch, file)


def get_rows(
    batch: ImportBatch, outcome: str, start: int = 0, most: int | None = None
) -> list[dict[str, Any]]:
    """The rows with an outcome (an ``ImportResult``) in the last check or import.

    A list of {"row", "outcome", "reason", "resembled", "cells"}, where "resembled" is the number of
    another row that may be the same person, or None. Raises ``FileNotFoundError`` if there is no
    report, or it has been deleted.
    """
    stop = None if most is None else start + most
    return list(islice(_read(batch, (outcome,)), start, stop))


def _read(batch: ImportBatch, outcomes: Collection[str]) -> Iterator[dict[str, Any]]:
    with batches.open_report(batch) as file:
        for line in islice(file, 1, None):
            row = json.loads(line)
            if row["outcome"] in outcomes:
                yield row


def get_headings(batch: ImportBatch) -> list[str]:
    """The headings of the cells in ``get_rows``. Raises ``FileNotFoundError``."""
    with batches.open_report(batch) as file:
        return json.loads(file.readline())


def find_resembled(
    batch: ImportBatch, rows: Sequence[dict[str, Any]]
) -> dict[int, list[Signature]]:
    """{row: signatures} that the rows of ``get_rows`` possibly duplicate now.

    Personal data: for users who may see the petition's signatures.
    """
    reader = RowReader(batch, get_headings(batch))
    incoming = [Incoming(reader.read_who(row["cells"])) for row in rows]
    found = zip(rows, ledger.find_alike(batch, incoming), strict=True)
    return {row["row"]: signatures for row, signatures in found}


def rejected_csv(batch: ImportBatch) -> Iterator[bytes]:
    """The rejected and blocked rows as CSV, with the reason first.

    Once they are corrected, or allowed by a rule, the file can be imported.
    """
    headings = get_headings(batch)
    rows = ([row["reason"], *row["cells"]] for row in _read(batch, REFUSED))
    return csv_chunks(["reason", *headings], rows)
