"""The common interface of all formats."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

# The value of a cell. Texts are stripped.
Cell = str | int | float | bool | date | datetime | None

KINDS = ("csv", "xlsx", "ods", "json", "jsonl")
# The encodings to choose from: {Python's name: label}.
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-16": "UTF-16 (BOM)",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "windows-1252": "Windows-1252",
    "mac-roman": "Mac Roman",
    "iso-8859-15": "ISO-8859-15",
}
DELIMITERS = (",", ";", "\t", "|")
# The most columns. Spreadsheets have 16,384, mostly empty.
MOST_COLUMNS = 500
HALVES = re.compile("[\ud800-\udfff]")


class Unreadable(Exception):
    """The file can't be read. The message is for the user and says what to do."""


@dataclass(frozen=True)
class Layout:
    """How a file is read. The values are guessed, and can be changed.

    ``encoding`` and ``delimiter`` are for text files, ``sheet`` is the name of a spreadsheet's
    sheet. Fields that don't apply are empty.
    """

    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""

    def as_data(self) -> dict[str, str]:
        """The layout as JSON data: ``Layout(**data)`` restores it."""
        return asdict(self)


class Row(NamedTuple):
    """A row of a table, with its number in the spreadsheet. ``error`` is why it can't be read."""

    number: int
    cells: Sequence[Cell]
    error: str = ""


class Table:
    """The table of an open file. ``rows`` can be called repeatedly."""

    headings: list[str]
    layout: "Layout"
    # Whether later rows may have other headings.
    is_partial = False

    def rows(self) -> Iterator[Row]:
        """Yield the rows below the headings, without empty rows and repeated headings."""
        raise NotImplementedError


class PlainTable(Table):
    """A table whose first row holds the headings. Subclasses yield all rows as lists of cells."""

    def __init__(self) -> None:
        self.headings, self._first = [], 0
        for number, cells in self.raw_rows():
            if any(not is_blank(cell) for cell in cells):
                self.headings, self._first = make_headings(cells), number
                break
        if not self.headings:
            raise Unreadable(_("The file is empty. Choose one with a row of headings and rows."))
        self._width = len(self.headings)
        self._repeated = [heading.casefold() for heading in self.headings]

    def raw_rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Yield (number, cells) for all rows, from the first."""
        raise NotImplementedError

    def rows(self) -> Iterator[Row]:
        width = self._width
        for number, cells in self.raw_rows():
            if number <= self._first or all(map(is_blank, cells)):
                continue
            if len(cells) > width:
                if not all(map(is_blank, cells[width:])):
                    yield Row(number, cells, too_long(len(cells), width))
                    continue
                cells = cells[:width]
            elif len(cells) < width:
                cells = cells + [""] * (width - len(cells))
            if not self._is_repeated(cells):
                yield Row(number, cells)

    def _is_repeated(self, cells: list[Cell]) -> bool:
        """Whether a row repeats the headings."""
        return str(cells[0]).casefold() == self._repeated[0] and (
            [str(cell).casefold() for cell in cells] == self._repeated
        )


def is_blank(cell: Cell) -> bool:
    """Whether a cell is empty."""
    return cell is None or cell == ""


def storable(cell: Any) -> Any:
    """A cell without characters that no database stores: NUL and lone surrogates."""
    if not isinstance(cell, str) or cell.isprintable():
        return cell
    return HALVES.sub("\ufffd", cell.replace("\0", ""))


def too_long(found: int, wanted: int) -> str:
    """The message for a row with more cells than headings."""
    return _(
        "This row has %(found)d cells, and there are %(wanted)d headings. Put quotation marks "
        "around text with the separator in it."
    ) % {"found": found, "wanted": wanted}


def make_headings(cells: Sequence[Cell]) -> list[str]:
    """The headings in a row of cells. Raises ``Unreadable`` if there are none, or two are equal."""
    headings = ["" if cell is None else " ".join(str(cell).split()) for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    if any("@" in heading and "." in heading.rpartition("@")[2] for heading in headings):
        raise Unreadable(
            _(
                "The first row holds a person, not headings. Add a row above it that says what "
                "each column holds, such as First name, Last name, Email."
            )
        )
    if len(headings) > MOST_COLUMNS:
        raise Unreadable(
            _("The file has more than %(most)d columns. Delete those that you don’t need.")
            % {"most": MOST_COLUMNS}
        )
    seen: set[str] = set()
    for position, heading in enumerate(headings):
        if not heading:
            headings[position] = _("Column %(number)d") % {"number": position + 1}
        elif heading.casefold() in seen:
            raise Unreadable(
                _("Two columns are called “%(heading)s”. Rename or delete one of them.")
                % {"heading": heading[:100]}
            )
        seen.add(headings[position].casefold())
    return headings


def as_text(value: Any) -> str:
    """A cell as text."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        # Spreadsheets store all numbers as floats: a postcode must not become "184.0".
        return str(int(value))
    return str(value)
