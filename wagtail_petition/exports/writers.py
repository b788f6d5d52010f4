"""Write tables of any size to files, in constant memory. No cell becomes a formula.

``write_file`` makes a file that is complete or absent. ``csv_chunks`` is for streamed responses.
"""

import csv
import hashlib
import io
import os
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone

from .cells import ROWS_AT_ONCE, cell, guard
from .jsonl import write_jsonl
from .ods import MEDIA_TYPE as ODS
from .ods import write_ods
from .xlsx import write_xlsx


def csv_chunks(header, rows, *, bom=True, guarded=True):
    """Yield the table as CSV in UTF-8, in chunks of bytes.

    ``bom`` adds a byte order mark, by which Excel recognises UTF-8. Dates and times are ISO 8601
    in local time. Without ``guarded``, texts stay as they are, which may be formulas: for files
    that programs read.
    """
    zone = timezone.get_current_timezone()
    as_text = guard if guarded else str
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    if bom:
        buffer.write("\ufeff")
    writer.writerow([_csv_cell(value, zone, as_text) for value in header])
    rows = iter(rows)
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        writer.writerows(
            # Fast path: this is the innermost loop, and most texts need no guard.
            [
                value
                if type(value) is str
                and value.isprintable()
                and value[:1].isalnum()
                and not ("," in value or ";" in value or "|" in value)
                else _csv_cell(value, zone, as_text)
                for value in row
            ]
            for row in batch
        )
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def write_csv(file, header, rows, *, bom=True):
    """Write the table as CSV to a binary file."""
    for chunk in csv_chunks(header, rows, bom=bom):
        file.write(chunk)


def write_tool_csv(file, header, rows):
    """Write the table as CSV for another tool: no byte order mark, and texts as they are."""
    for chunk in csv_chunks(header, rows, bom=False, guarded=False):
        file.write(chunk)


def _csv_cell(value, zone, as_text):
    value = cell(value, zone)
    if isinstance(value, str):
        return as_text(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date) else value


class Format(NamedTuple):
    """A file format: its extension, media type and writer.

    With ``has_sheets``, the writer takes ``right_to_left``. With ``by_name``, the header holds
    the names of columns instead of their labels. With ``is_split``, a large file is a ZIP of
    several; see ``get_ending``.
    """

    extension: str
    media_type: str
    write: Callable
    has_sheets: bool = False
    by_name: bool = False
    is_split: bool = False


FORMATS = {
    "csv": Format("csv", "text/csv; charset=utf-8", write_csv),
    "xlsx": Format(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write_xlsx,
        has_sheets=True,
    ),
    "ods": Format("ods", ODS, write_ods, has_sheets=True),
    "jsonl": Format("jsonl", "application/jsonl", write_jsonl, by_name=True),
}


class Written(NamedTuple):
    """A file that was written: its number of rows, size in bytes, and SHA-256."""

    rows: int
    size: int
    sha256: str


def get_ending(format, file):
    """``format``, or a ZIP's if it was written in parts. ``file`` is open, and rewound."""
    if not format.is_split:
        return format
    start = file.read(4)
    file.seek(0)
    if start != b"PK\x03\x04":
        return format
    return format._replace(extension="zip", media_type="application/zip")


def write_file(path, format, header, rows, **options):
    """Write a table to ``path``. ``format`` is a ``Format`` or its name. Returns ``Written``.

    The file is complete or absent: it is written under a temporary name and renamed at the end.
    ``options`` are the options of the format.
    """
    path = Path(path)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w+b") as file:
            written = write_open_file(file, format, header, rows, **options)
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return written


def write_open_file(file, format, header, rows, **options):
    """Write a table to ``file``, a binary file open for reading and writing, and rewind it.

    ``format`` is a ``Format`` or its name. Returns ``Written``.
    """
    rows = _Counted(rows)
    kind = FORMATS[format] if isinstance(format, str) else format
    kind.write(file, header, rows, **options)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return Written(rows.count, size, sha256)


class _Counted:
    """An iterator that counts its items."""

    def __init__(self, rows):
        self.rows = iter(rows)
        self.count = 0

    def __iter__(self):
        return self

    def __next__(self):
        row = next(self.rows)
        self.count += 1
        return row
