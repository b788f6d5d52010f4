"""Check spreadsheets, which are ZIP files, before unpacking them."""

import zipfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from .table import Unreadable

# Limits against ZIP bombs: the unpacked size, and above ``SMALL`` its ratio to the packed size.
MOST_BYTES = 4_000_000_000
RATIO, SMALL = 100, 20_000_000
# Parts of a spreadsheet: sheets, styles, pictures.
MOST_PARTS = 10_000
ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def open_archive(file: BinaryIO) -> zipfile.ZipFile:
    """The ZIP file, if it is safe to unpack. Raises ``Unreadable``."""
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
        parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        raise damaged() from error
    unpacked, packed = (
        sum(getattr(p, name) for p in parts) for name in ("file_size", "compress_size")
    )
    is_bomb = unpacked > SMALL and unpacked > RATIO * max(packed, 1)
    if is_bomb or unpacked > MOST_BYTES or len(parts) > MOST_PARTS:
        raise Unreadable(
            _(
                "This file unpacks to far more than a list of people. Open it in a spreadsheet "
                "program and save the list as CSV."
            )
        )
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("This file has a password. Save it without one and choose it again."))
    return archive


def damaged() -> Unreadable:
    """The error for a file that no spreadsheet program has written."""
    return Unreadable(
        _(
            "This file is damaged. Open it in a spreadsheet program, save it again and choose the "
            "new file."
        )
    )


def get_kind(archive: zipfile.ZipFile) -> str:
    """ "xlsx" or "ods". Raises ``Unreadable`` for other files."""
    names = set(archive.namelist())
    is_other = any(name.startswith(("word/", "ppt/", "visio/")) for name in names)
    if "xl/workbook.xml" in names or ("[Content_Types].xml" in names and not is_other):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    files = [name for name in names if not name.endswith("/")]
    if files and all(name.lower().endswith((".csv", ".tsv", ".txt")) for name in files):
        raise Unreadable(
            _("This ZIP file holds several lists. Unpack it and choose one file after the other.")
        )
    raise Unreadable(
        _("This ZIP file is no spreadsheet. Choose an XLSX, ODS, CSV, TSV or JSON file.")
    )
