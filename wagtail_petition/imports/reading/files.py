"""Recognise the format of a file, and open its table."""

import codecs
from typing import BinaryIO

from django.utils.translation import gettext as _

from wagtail_petition.conf import settings

from . import archives, documents, text
from .documents import DocumentTable
from .sheets import OdsTable, SheetTable, XlsxTable
from .table import Layout, Table, Unreadable
from .text import TextTable

BOMS = codecs.BOM_UTF8 + codecs.BOM_UTF16_LE
# Text formats, among which people can choose. Spreadsheets are recognised with certainty.
TEXT_KINDS = ("csv", "json", "jsonl")
# How files begin that hold no table of text: old Excel, PDF, packed files, pictures, RTF, contacts,
# and web pages, which some sites call .xls.
OTHERS = (
    *(b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"PK", b"7z\xbc\xaf", b"Rar!", b"\x89PNG"),
    *(b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"BEGIN:V", b"<"),
)
TABLES = {
    "csv": TextTable,
    "xlsx": XlsxTable,
    "ods": OdsTable,
}


def open_table(
    file: BinaryIO, layout: Layout | None = None, deadline: float | None = None
) -> Table:
    """The table in an open binary file, which must stay open while the table is read.

    Empty fields of ``layout`` are guessed. The table's ``layout`` is the one used. The headings of
    JSON are all of its keys: those found until ``deadline`` (``time.monotonic()``), if there is
    one. Raises ``Unreadable``.
    """
    check_size(file)
    layout = complete(file, layout)
    if layout.kind in ("json", "jsonl"):
        return DocumentTable(file, layout, deadline)
    return TABLES[layout.kind](file, layout)


def check_size(file: BinaryIO) -> None:
    """Raise ``Unreadable`` if a file is empty, or larger than ``IMPORT_MAX_BYTES``."""
    size = file.seek(0, 2)
    if not size:
        raise Unreadable(_("The file is empty. Choose one with a row of headings and rows."))
    if size > settings.IMPORT_MAX_BYTES:
        raise Unreadable(
            _("The file is larger than %(most)d MB. Split it, and import one part after the other.")
            % {"most": settings.IMPORT_MAX_BYTES // 1_000_000}
        )


def complete(file: BinaryIO, layout: Layout | None = None) -> Layout:
    """``layout`` with its empty fields guessed from the file. Raises ``Unreadable``."""
    kind = _guess_kind(file)
    wanted = layout or Layout(kind)
    if kind in ("xlsx", "ods"):
        return Layout(kind, sheet=wanted.sheet)
    if layout and layout.kind in TEXT_KINDS:
        kind = layout.kind
    elif kind == "json":
        kind = documents.guess_kind(file)
    if kind in ("json", "jsonl"):
        return Layout(kind, encoding="utf-8")
    encoding = wanted.encoding or text.guess_encoding(file)
    delimiter = wanted.delimiter or text.guess_delimiter(file, encoding)
    return Layout("csv", encoding, delimiter)


def _guess_kind(file: BinaryIO) -> str:
    file.seek(0)
    head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return archives.get_kind(archives.open_archive(file))
    # UTF-16 has zero bytes.
    start = head.lstrip(BOMS).replace(b"\0", b"").lstrip()
    if start.startswith(OTHERS) or head.startswith(OTHERS):
        raise Unreadable(
            _(
                "This kind of file can’t be read. Save it as XLSX, ODS, CSV or TSV, and choose "
                "that file."
            )
        )
    if start.startswith((b"{", b"[")):
        if text.is_utf_16(head):
            raise Unreadable(
                _("This JSON file is in UTF-16. Save it in UTF-8, and choose that file.")
            )
        return "json"
    return "csv"


def sheet_names(table: Table) -> list[str]:
    """The names of the sheets read so far."""
    return table.sheet_names if isinstance(table, SheetTable) else []
