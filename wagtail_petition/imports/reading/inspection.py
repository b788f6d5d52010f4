"""Inspect a file in one pass, before its columns are mapped."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from wagtail_petition.conf import settings
from wagtail_petition.imports.dates import DateOrder

from .files import open_table, sheet_names
from .table import Cell, Layout, Row, Table, Unreadable, as_text, is_blank

CHUNK = 1000
SAMPLES = 3
LONGEST_SAMPLE = 80


@dataclass
class ColumnInfo:
    """A column: its heading, sample values, and the order of its dates.

    ``date_order`` is "ymd", "dmy" or "mdy"; "?" if both of the last two fit all dates; "" without
    dates. ``is_constant`` is whether all values are the same.
    """

    heading: str
    samples: list[str] = field(default_factory=list)
    filled: int = 0
    date_order: str = ""
    is_constant: bool = False


@dataclass
class Inspection:
    """The contents of a file, as shown in the first steps of an import."""

    layout: Layout
    columns: list[ColumnInfo]
    rows: int
    # Cells with non-ASCII letters, which show whether the encoding is correct.
    letters: list[str]
    sheets: list[str]
    # Whether only the first rows were read: ``rows`` of them.
    is_partial: bool = False

    @property
    def headings(self) -> list[str]:
        """The headings, in order."""
        return [column.heading for column in self.columns]

    def as_data(self) -> dict[str, Any]:
        """The inspection as JSON data, for ``from_data``."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Inspection":
        """The inspection that ``as_data`` described."""
        columns = [ColumnInfo(**column) for column in data["columns"]]
        return cls(**{**data, "layout": Layout(**data["layout"]), "columns": columns})


def inspect(
    file: BinaryIO, layout: Layout | None = None, seconds: float | None = None
) -> Inspection:
    """Inspect an open binary file. Raises ``Unreadable``, also if it has no rows.

    Reading stops after about this many ``seconds``.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    table = open_table(file, layout, deadline)
    columns = [ColumnInfo(heading) for heading in table.headings]
    orders = [DateOrder() for _column in columns]
    letters: list[str] = []
    rows, longer, every, is_partial = 0, 0, counted_rows(table), table.is_partial
    while chunk := list(islice(every, CHUNK)):
        rows += len(chunk)
        # Column by column, which takes a third of the time.
        longer += sum(bool(row.error) and len(row.cells) >= 2 * len(columns) for row in chunk)
        readable = [row.cells for row in chunk if not row.error]
        for column, order, cells in zip(columns, orders, zip(*readable, strict=True), strict=False):
            filled = [cell for cell in cells if not is_blank(cell)]
            column.filled += len(filled)
            order.see_all(filled)
            if len(column.samples) < SAMPLES or len(letters) < SAMPLES:
                for cell in filled:
                    _add_sample(column, letters, cell)
        if deadline and time.monotonic() > deadline and next(every, None):
            is_partial = True
            break
    if not rows:
        raise Unreadable(
            _("There are headings and no rows below them. Choose a file with signatures.")
        )
    if longer > rows / 2:
        raise Unreadable(
            _(
                "Most rows have far more cells than the first one, which should hold the headings. "
                "Delete what is above the headings, and choose the file again."
            )
        )
    for column, order in zip(columns, orders, strict=True):
        column.date_order = order.found
        column.is_constant = len(column.samples) == 1
    return Inspection(table.layout, columns, rows, letters, sheet_names(table), is_partial)


def counted_rows(table: Table) -> Iterator[Row]:
    """Yield the rows of a table. Raises ``Unreadable`` beyond ``IMPORT_MAX_ROWS``."""
    most = settings.IMPORT_MAX_ROWS
    for number, row in enumerate(table.rows(), 1):
        if number > most:
            raise Unreadable(
                _("The file has more than %(most)d rows. Split it, and import one part at a time.")
                % {"most": most}
            )
        yield row


def _add_sample(column: ColumnInfo, letters: list[str], cell: Cell) -> None:
    text = as_text(cell)
    shown = text if len(text) <= LONGEST_SAMPLE else f"{text[: LONGEST_SAMPLE - 1]}…"
    if len(column.samples) < SAMPLES and shown not in column.samples:
        column.samples.append(shown)
    if len(letters) < SAMPLES and not text.isascii() and shown not in letters:
        letters.append(shown)
