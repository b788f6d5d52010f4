"""Read the content of an ODS file row by row. No library does so."""

from collections import deque
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from defusedxml.ElementTree import DefusedXMLParser

from .table import MOST_COLUMNS, Cell

CHUNK = 1 << 16
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
# Rows that are repeated more often fill the sheet to its end and are empty.
MOST_REPEATED = 1000


class Content:
    """Reads the sheets in ``content.xml`` one after the other, row by row."""

    def __init__(self, file: IO[bytes], names: list[str]) -> None:
        self.file = file
        # (name, None) at the start of a sheet, (None, cells) for a row.
        self.events: deque[tuple[str | None, list[Cell] | None]] = deque()
        self.names = names
        self.parser = DefusedXMLParser(target=_Target(self.events), forbid_dtd=True)
        self.is_over = False

    def sheets(self) -> Iterator[tuple[str, Iterator[list[Cell]]]]:
        """Yield (name, rows) of each sheet. Unread rows are skipped."""
        while event := self._next():
            name = event[0]
            if name is not None:
                self.names.append(name)
                yield name, self._rows()

    def _rows(self) -> Iterator[list[Cell]]:
        while event := self._next():
            if event[1] is None:
                self.events.appendleft(event)
                return
            yield event[1]

    def _next(self) -> tuple[str | None, list[Cell] | None] | None:
        while not self.events and not self.is_over:
            if chunk := self.file.read(CHUNK):
                self.parser.feed(chunk)
            else:
                self.parser.close()
                self.is_over = True
        return self.events.popleft() if self.events else None


class _Target:
    """The parser's target, which turns elements into events."""

    def __init__(self, events: deque) -> None:
        self.events = events
        self.row: list[Cell] = []
        self.cell: dict[str, str] | None = None
        self.paragraphs: list[str] = []
        self.is_text, self.notes, self.repeated = False, 0, 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{TEXT}p" and self.cell is not None and not self.notes:
            self.paragraphs.append("")
            self.is_text = True
        elif tag in CELLS:
            self.cell, self.paragraphs = attributes, []
        elif tag == f"{TABLE}table-row":
            self.row = []
            self.repeated = _times(attributes, "number-rows-repeated")
        elif tag == f"{OFFICE}annotation":
            self.notes += 1
        elif tag == f"{TABLE}table":
            self.events.append((attributes.get(f"{TABLE}name", ""), None))
        elif self.is_text and not self.notes:
            if tag == f"{TEXT}s":
                self.paragraphs[-1] += " " * min(int(attributes.get(f"{TEXT}c", 1)), 1000)
            elif tag == f"{TEXT}tab":
                self.paragraphs[-1] += "\t"
            elif tag == f"{TEXT}line-break":
                self.paragraphs[-1] += "\n"

    def data(self, text: str) -> None:
        if self.is_text and not self.notes:
            self.paragraphs[-1] += text

    def end(self, tag: str) -> None:
        if tag == f"{TEXT}p":
            self.is_text = self.is_text and self.notes > 0
        elif tag in CELLS and self.cell is not None:
            value = _value(self.cell, "\n".join(self.paragraphs).strip())
            room = MOST_COLUMNS + 1 - len(self.row)
            self.row += [value] * min(_times(self.cell, "number-columns-repeated"), room)
            self.cell = None
        elif tag == f"{TABLE}table-row":
            while self.row and self.row[-1] == "":
                self.row.pop()
            times = self.repeated if self.row and self.repeated <= MOST_REPEATED else 1
            self.events.extend((None, self.row) for _time in range(times))
        elif tag == f"{OFFICE}annotation":
            self.notes -= 1

    def close(self) -> None:
        pass


def _times(attributes: dict[str, str], name: str) -> int:
    times = attributes.get(f"{TABLE}{name}", "1")
    return int(times) if times.isdecimal() and len(times) < 9 else 1


def _value(cell: dict[str, str], text: str) -> Any:
    kind = cell.get(f"{OFFICE}value-type", "")
    try:
        if kind == "date":
            moment = cell[f"{OFFICE}date-value"]
            return datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment)
        if kind in ("float", "currency", "percentage"):
            number = float(cell[f"{OFFICE}value"])
            return int(number) if number.is_integer() and abs(number) < 10**15 else number
        if kind == "boolean":
            return cell[f"{OFFICE}boolean-value"] == "true"
    except (KeyError, ValueError):
        # The value is invalid: use the text that is shown.
        pass
    return text
