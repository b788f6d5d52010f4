"""Read XLSX and ODS files row by row.

Sheets after the chosen one that start with the same headings continue it, because a sheet holds at
most a million rows.
"""

import re
import warnings
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _
from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader

from .archives import damaged, open_archive
from .ods import Content
from .table import MOST_COLUMNS, Cell, Layout, PlainTable, Unreadable

CHUNK, LOOKED_AT = 1 << 16, 1 << 20
# Programs that don't calculate write formulas without values. Excel writes an empty text as "str".
FORMULA_ALONE = re.compile(
    rb'<c\b(?![^>]*\st="str")[^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)'
    rb"\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)


class SheetTable(PlainTable):
    """A table in the sheets of a spreadsheet. Subclasses yield the sheets."""

    sheet_names: list[str]

    def __init__(self, file: BinaryIO, layout: Layout) -> None:
        self.archive = open_archive(file)
        self.layout = layout
        with readable():
            super().__init__()

    def raw_sheets(self) -> Iterator[tuple[str, Iterator[list[Cell]]]]:
        """Yield (name, rows) of each sheet, in order."""
        raise NotImplementedError

    def raw_rows(self) -> Iterator[tuple[int, list[Cell]]]:
        number, first, is_continued = 0, None, False
        chosen = self.layout.sheet
        with readable():
            for name, rows in self.raw_sheets():
                if first is None and chosen and name != chosen:
                    continue
                for cells in rows:
                    if first is None or is_continued:
                        number += 1
                        yield number, cells
                        if first is None and any(cell not in (None, "") for cell in cells):
                            first, is_continued = cells, True
                    elif any(cell not in (None, "") for cell in cells):
                        # The headings of a further sheet.
                        if cells != first:
                            break
                        is_continued = True
                is_continued = False
        if chosen and first is None:
            raise Unreadable(
                _("There is nothing in a sheet called “%(name)s”. Choose another.")
                % {"name": chosen}
            )


@contextmanager
def readable() -> Iterator[None]:
    """Turn the errors of spreadsheet readers into ``Unreadable``, with a message for people."""
    try:
        with warnings.catch_warnings():
            # openpyxl warns about features that it would lose when writing.
            warnings.simplefilter("ignore")
            yield
    except DefusedXmlException as error:
        raise Unreadable(
            _("This file refers to other files, which is not safe. Save it as CSV and try again.")
        ) from error
    except (Unreadable, MemoryError, GeneratorExit):
        raise
    except (ParseError, zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise damaged() from error
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError) as error:
        # openpyxl raises any of these for a damaged workbook.
        raise damaged() from error


class XlsxTable(SheetTable):
    """A table in an Excel workbook."""

    def raw_sheets(self) -> Iterator[tuple[str, Iterator[list[Cell]]]]:
        book = _read_book(self.archive)
        self.sheet_names = [sheet.title for sheet in book.worksheets]
        if not self.sheet_names:
            raise damaged()
        for sheet in book.worksheets:
            # Hidden sheets hold lists for drop-downs, or old data.
            if sheet.sheet_state == "visible" or sheet.title == self.layout.sheet:
                self._check_formulas(sheet)
                yield sheet.title, _get_rows(sheet)

    def _check_formulas(self, sheet) -> None:
        """Raise ``Unreadable`` if formulas in the first part of the sheet have no values."""
        with self.archive.open(sheet._worksheet_path) as part:
            if FORMULA_ALONE.search(part.read(LOOKED_AT)):
                raise Unreadable(
                    _(
                        "Formulas in this file have no values. Open it in a spreadsheet program, "
                        "save it again and choose the new file."
                    )
                )


def _get_rows(sheet) -> Iterator[list[Cell]]:
    # The dimensions in the file may be wrong, or include a million empty rows.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1):
        yield [_plain(cell) for cell in _trimmed(row)]


def _trimmed(row) -> list:
    cells = list(row)
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _plain(cell) -> Cell:
    if isinstance(cell, str):
        return cell.replace("\0", "").strip()
    if isinstance(cell, (time, timedelta)):
        return str(cell)
    if isinstance(cell, (bool, int, float, date, datetime)) or cell is None:
        return cell
    return str(cell)


def _read_book(archive: zipfile.ZipFile):
    reader = _Reader(archive.fp, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb


class _Reader(ExcelReader):
    """openpyxl's reader, with the texts of the workbook in a tenth of the memory."""

    def read_strings(self):
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            self.shared_strings = _SharedStrings(self.archive.open(part.PartName[1:]))


class _SharedStrings:
    """The texts of a workbook, which cells refer to by their place, as one piece of UTF-8.

    They are read when needed, since programs store them in the order of the cells.
    """

    def __init__(self, file) -> None:
        self.file, self.text, self.ends = file, bytearray(), array("Q", [0])
        self.parser = DefusedXMLParser(target=_StringsTarget(self), forbid_dtd=True)

    def _read_until(self, position: int) -> None:
        while self.file and position >= len(self):
            if chunk := self.file.read(CHUNK):
                self.parser.feed(chunk)
            else:
                self.parser.close()
                self.file.close()
                self.file = None

    def append(self, text: str) -> None:
        self.text += text.replace("x005F_", "").encode(errors="replace")
        self.ends.append(len(self.text))

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, position: int) -> str:
        self._read_until(position)
        if not 0 <= position < len(self):
            raise IndexError(position)
        return self.text[self.ends[position] : self.ends[position + 1]].decode()


class _StringsTarget:
    """Collects the texts of ``<si>``, without how they are pronounced (``<rPh>``)."""

    def __init__(self, strings: _SharedStrings) -> None:
        self.strings, self.parts, self.is_text, self.phonetic = strings, [], False, 0

    def start(self, tag, attributes):
        name = tag.rpartition("}")[2]
        if name == "si":
            self.parts = []
        self.phonetic += name == "rPh"
        self.is_text = name == "t" and not self.phonetic

    def end(self, tag):
        name = tag.rpartition("}")[2]
        if name == "si":
            self.strings.append("".join(self.parts))
        self.phonetic -= name == "rPh"
        self.is_text = False

    def data(self, text):
        if self.is_text:
            self.parts.append(text)

    def close(self):
        pass


class OdsTable(SheetTable):
    """A table in a spreadsheet of LibreOffice."""

    def raw_sheets(self) -> Iterator[tuple[str, Iterator[list[Cell]]]]:
        self.sheet_names = []
        with self.archive.open("content.xml") as file:
            yield from Content(file, self.sheet_names).sheets()
