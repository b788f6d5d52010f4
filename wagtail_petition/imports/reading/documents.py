"""Read JSON: a list of objects, one object per line, OSDI's webhooks and collections."""

import json
import time
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import ijson
from django.utils.translation import gettext as _

from . import congress
from .osdi import flatten, is_osdi
from .table import MOST_COLUMNS, Cell, Layout, Row, Table, Unreadable, is_blank, storable, too_long

# The keys under which a document may have its list. OSDI's are below "_embedded".
LISTS = ("signatures", "data", "results", "items", "records", "people", "rows")
LONGEST_LINE = 4_000_000
# No list of people is nested more deeply.
DEEPEST = 50


def guess_kind(file: BinaryIO) -> str:
    """ "jsonl" if the first line is a complete object and another line follows, else "json"."""
    file.seek(0)
    first = b""
    while not first.strip(b"\xef\xbb\xbf \t\r\n"):
        if not (first := file.readline(LONGEST_LINE)):
            return "json"
    try:
        is_object = isinstance(json.loads(first.decode("utf-8-sig")), dict)
    except (ValueError, RecursionError):
        return "json"
    rest = file.read(1 << 16).lstrip()
    return "jsonl" if is_object and rest.startswith(b"{") else "json"


class DocumentTable(Table):
    """A table of objects. All keys that occur are the headings.

    With a ``deadline``, only those that were found until then.
    """

    def __init__(self, file: BinaryIO, layout: Layout, deadline: float | None = None) -> None:
        self.file, self.layout = file, layout
        headings: dict[str, None] = {}
        for _number, item, _error in self._objects():
            headings.update(dict.fromkeys(item))
            if len(headings) > MOST_COLUMNS:
                raise Unreadable(too_many())
            if deadline and headings and time.monotonic() > deadline:
                self.is_partial = True
                break
        self.headings = list(headings)
        if not self.headings:
            raise Unreadable(
                _(
                    "No signatures were found in this JSON file. Choose a list of objects, one "
                    "object per line, or what OSDI sends."
                )
            )

    def rows(self) -> Iterator[Row]:
        for number, item, error in self._objects():
            cells = [item.get(heading, "") for heading in self.headings]
            if error or not all(map(is_blank, cells)):
                yield Row(number, cells, error)

    def _objects(self) -> Iterator[tuple[int, dict[str, Cell], str]]:
        source = self._lines() if self.layout.kind == "jsonl" else self._items()
        for number, (item, error) in enumerate(source, 1):
            if error:
                yield number, {}, error
            elif not isinstance(item, dict):
                yield number, {}, _("This is no object with a name for each value.")
            else:
                cells = flat(item)
                yield number, {storable(name): storable(cells[name]) for name in cells}, ""

    def _lines(self) -> Iterator[tuple[Any, str]]:
        self.file.seek(0)
        is_first = True
        while line := self.file.readline(LONGEST_LINE):
            text = line.decode("utf-8-sig" if is_first else "utf-8", errors="replace").strip()
            is_first = False
            if not text:
                continue
            try:
                item = json.loads(text)
            except RecursionError:
                yield None, too_deep()
            except ValueError:
                yield None, _("This line is no JSON object.")
            else:
                yield (None, too_deep()) if _is_deep(text, item) else (item, "")

    def _items(self) -> Iterator[tuple[Any, str]]:
        self.file.seek(0)
        if self.file.read(3) != b"\xef\xbb\xbf":
            self.file.seek(0)
        start = self.file.tell()
        try:
            prefix = self._find_list()
            self.file.seek(start)
            for item in ijson.items(self._events(), prefix):
                yield item, ""
        except (ijson.JSONError, ValueError, UnicodeError, OverflowError, RecursionError) as error:
            raise Unreadable(
                _(
                    "This JSON file ends too early or is damaged. Download it again and choose "
                    "the new file."
                )
            ) from error

    def _events(self) -> Iterator[tuple[str, str, Any]]:
        """Yield the parser's events with their paths. Refuses too deeply nested documents."""
        return ijson.parse(
            _shallow(ijson.basic_parse(self.file, use_float=True, multiple_values=True))
        )

    def _find_list(self) -> str:
        """The path of the objects: "item" in a list, "" for one object that is a signature."""
        for prefix, event, value in self._events():
            if prefix == "":
                if event == "start_array":
                    return "item"
                if event == "map_key" and value in ("person", "osdi:signature", "osdi:person"):
                    return ""
            elif event == "start_array" and (
                prefix in LISTS or (prefix.startswith("_embedded.") and prefix.count(".") == 1)
            ):
                return f"{prefix}.item"
        return ""


def _shallow(events: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    depth = 0
    for event in events:
        if event[0] in ("start_map", "start_array"):
            depth += 1
            if depth > DEEPEST:
                raise Unreadable(too_deep())
        elif event[0] in ("end_map", "end_array"):
            depth -= 1
        yield event


def _is_deep(text: str, value: Any) -> bool:
    """Whether a document is nested more deeply than ``DEEPEST``. ``text`` is its source."""
    if text.count("{") + text.count("[") <= DEEPEST:
        return False
    level, depth = [value], 0
    while level := [part for part in level if isinstance(part, (dict, list))]:
        depth += 1
        if depth > DEEPEST:
            return True
        level = [part for each in level for part in _parts(each)]
    return False


def _parts(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def too_deep() -> str:
    """The message for a document that is nested too deeply."""
    return _(
        "This is nested too deeply for a list of people: more than %(most)d levels. Export a plain "
        "list and choose that file."
    ) % {"most": DEEPEST}


def too_many() -> str:
    """The message for objects with too many keys."""
    return too_long(MOST_COLUMNS + 1, MOST_COLUMNS)


def flat(item: dict[str, Any]) -> dict[str, Cell]:
    """An object as cells: {heading: value}."""
    if is_osdi(item):
        return flatten(item)
    if congress.is_legislator(item):
        return congress.flatten(item)
    cells: dict[str, Cell] = {}
    _flatten("", item, cells)
    return cells


def _flatten(prefix: str, value: Any, cells: dict[str, Cell], depth: int = 0) -> None:
    if isinstance(value, dict) and depth < 5:
        for name, part in value.items():
            _flatten(f"{prefix}.{name}" if prefix else str(name), part, cells, depth + 1)
    elif isinstance(value, list):
        cells[prefix] = ", ".join(str(part) for part in value if not isinstance(part, (dict, list)))
    elif isinstance(value, str):
        cells[prefix] = value.replace("\0", "").strip()
    elif isinstance(value, (bool, int, float)) or value is None:
        cells[prefix] = value
    else:
        cells[prefix] = str(value)
