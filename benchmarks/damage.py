"""Files of signatures as people and programs break them, each made from a number.

The same number always gives the same file.
"""

import io
import json
import random
import re
import zipfile
from datetime import date

import openpyxl

from wagtail_petition.exports.ods import write_ods

from .strange import (
    CELLS,
    DAMAGES,
    ENCODINGS,
    HEADINGS,
    READ_ENCODINGS,
    TOKENS,
    VALUES,
    XML_PIECES,
    flip,
)

KINDS = ("csv", "tsv", "xlsx", "ods", "json", "jsonl", "osdi")


CORE = (
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    b'core-properties"/>'
)


class Dice(random.Random):
    """Random numbers for one file, and how strange it is: 1 for anything, less for nearly right."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        # Files that are nearly right are read to their end, so that all stages meet something
        # strange.
        self.strangeness = self.choice((1, 0.1, 0.1))

    def is_strange(self, share: float) -> bool:
        """True in this share of the cases in a file in which anything goes, less often in others."""
        return self.random() < share * self.strangeness


def make_file(number: int) -> tuple[str, bytes]:
    """The kind of the file with this number, and its content."""
    rng = Dice(number)
    kind = KINDS[number % len(KINDS)]
    table = _table(rng)
    content = {
        "csv": _text,
        "tsv": _text,
        "xlsx": _xlsx,
        "ods": _ods,
        "json": _json,
        "jsonl": _json_lines,
        "osdi": _osdi,
    }[kind](rng, kind, table)
    # Half of the files stay as they are: then the cells alone are strange.
    if rng.is_strange(0.5):
        for _time in range(rng.choice((1, 1, 3))):
            content = rng.choice(DAMAGES)(rng, content)
    return kind, content


def _table(rng):
    width = rng.choice((1, 2, 3, 5, 8, 12) if rng.is_strange(1) else (4, 5, 8))
    plain = ["first_name", "last_name", "email", "signed_on", "city", "country", "comment", "line"]
    headings = (
        plain[:width]
        if not rng.is_strange(0.6)
        else rng.sample(HEADINGS, width)
        if rng.random() < 0.9
        else rng.choices(HEADINGS, k=width)
    )
    rows = []
    for _row in range(0 if rng.is_strange(0.2) else rng.choice((1, 2, 3, 3, 5, 5, 20))):
        length = len(headings) + (rng.choice((-1, 1, 3)) if rng.is_strange(0.4) else 0)
        rows.append([_cell(rng, column) for column in range(max(length, 0))])
    if rows and rng.random() < 0.1:
        rows.insert(rng.randrange(len(rows)), list(headings))
    return [headings, *rows]


def _cell(rng, column):
    """A plausible cell half of the time or more often, so that rows get far."""
    if rng.is_strange(0.5):
        return rng.choice(CELLS)
    likely = ["Ada", "Rossi", "ada@example.org", "2026-01-02", "Roma", "IT", "Hello", "1"]
    likely[2] = f"p{rng.randrange(30)}@example.org"
    return likely[column % len(likely)]


def _strange(rng, cell):
    return rng.choice(VALUES) if rng.is_strange(0.15) else cell


def _text(rng, kind, table):
    delimiter = "\t" if kind == "tsv" else rng.choice(",,,;;|")
    end = rng.choice(("\n", "\r\n", "\r"))
    quoted = rng.random() if rng.is_strange(1) else rng.choice((0, 0.5))
    lines = []
    for row in table:
        cells = []
        for cell in row:
            is_safe = quoted < 0.7 and any(mark in cell for mark in (delimiter, '"', "\n", "\r"))
            doubled = cell.replace('"', '""')
            cells.append(f'"{doubled}"' if is_safe or quoted < 0.2 else cell)
        lines.append(delimiter.join(cells))
    if rng.random() < 0.05:
        lines.insert(0, f"sep={delimiter}")
    encodings = ENCODINGS if rng.is_strange(1) else READ_ENCODINGS
    return end.join(lines).encode(rng.choice(encodings), errors="replace")


def _xlsx(rng, kind, table):
    book = openpyxl.Workbook()
    if rng.random() < 0.2:
        book.create_sheet("Notes")
    for row in table:
        book.active.append([_allowed(_strange(rng, cell)) for cell in row])
    made = io.BytesIO()
    book.save(made)
    # It holds the time at which it was made.
    return _rezipped(rng, made.getvalue(), {"docProps/core.xml": CORE})


def _ods(rng, kind, table):
    made = io.BytesIO()
    write_ods(made, table[0], [[_strange(rng, cell) for cell in row] for row in table[1:]])
    return _rezipped(rng, made.getvalue())


def _allowed(value):
    """A value as openpyxl can write it."""
    if isinstance(value, str):
        return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "?", value)[:30_000]
    return value


def _rezipped(rng, content, replaced=None):
    """The ZIP, often with one of its parts damaged, renamed or left out.

    ``replaced`` are other contents of parts.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()} | (replaced or {})
    name = rng.choice([*found, *(n for n in found if "sheet1" in n or n == "content.xml")])
    act = "nothing"
    if rng.is_strange(0.6):
        act = rng.choice((*["xml"] * 3, "bytes", "leave", "rename", "empty"))
    if act == "xml":
        text = found[name].decode(errors="replace")
        for _time in range(rng.choice((1, 2, 5))):
            text = _replaced(rng, text, rng.choice(XML_PIECES))
        found[name] = text.encode(errors="replace")
    elif act == "bytes":
        found[name] = flip(rng, found[name])
    elif act == "leave":
        del found[name]
    elif act == "rename":
        found[f"{name}.bak"] = found.pop(name)
    elif act == "empty":
        found[name] = b""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, part in found.items():
            archive.writestr(zipfile.ZipInfo(each), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _replaced(rng, text, piece):
    """Put ``piece`` in the place of a tag, an attribute, a value, or of nothing."""
    places = [
        (found.start(), found.end()) for found in re.finditer(r'<[^>]*>|\w+="[^"]*"|>[^<]+<', text)
    ]
    at = rng.randrange(len(text) + 1)
    start, end = rng.choice(places) if places and rng.random() < 0.7 else (at, at)
    return text[:start] + piece + text[end:]


def _objects(rng, table):
    headings, *rows = table
    found = []
    for row in rows:
        item = {name: _as_json(rng, cell) for name, cell in zip(headings, row, strict=False)}
        found.append(
            rng.choice(([item], {"person": item}, 5, None)) if rng.is_strange(0.05) else item
        )
    return found


def _as_json(rng, cell):
    value = _strange(rng, cell)
    if isinstance(value, date):
        value = value.isoformat()
    if rng.is_strange(0.05):
        value = rng.choice(([value], {"a": value}, [[value]], {}, [], [{"x": value}, value]))
    return value


def _json(rng, kind, table):
    items = _objects(rng, table)
    key = "x" if rng.is_strange(0.2) else rng.choice(("signatures", "data", "results", "rows"))
    document = rng.choice((items, items, {key: items}, {"_embedded": {key: items}, "page": 1}))
    return _dumped(rng, document)


def _json_lines(rng, kind, table):
    lines = [_dumped(rng, item) for item in _objects(rng, table)]
    return rng.choice((b"\n", b"\r\n", b"\n\n")).join(lines)


def _dumped(rng, document):
    text = json.dumps(document, ensure_ascii=rng.random() < 0.5)
    for _time in range(rng.choice((1, 3)) if rng.is_strange(0.3) else 0):
        places = [found.span() for found in re.finditer(r'"[^"]*"|[\[\]{},:]|[\w.+-]+', text)]
        start, end = rng.choice(places) if places else (0, 0)
        text = text[:start] + rng.choice(TOKENS) + text[end:]
    if rng.is_strange(0.05):
        deep = rng.choice((10, 49, 50, 51, 60, 1000, 100_000))
        text = "[" * deep + text + "]" * deep
    return text.encode(errors="surrogatepass")


def _osdi(rng, kind, table):
    def any_of(*values):
        other = rng.choice((rng.choice(CELLS), None, 5, [], {}, [[]], True))
        return other if rng.is_strange(0.1) else rng.choice(values)

    items = []
    for _row in table[1:]:
        first, second, third = (_cell(rng, column) for column in range(3))
        person = {
            "given_name": any_of(first),
            "family_name": any_of(second),
            "email_addresses": any_of(
                [
                    {
                        "address": any_of(third),
                        "primary": any_of(True),
                        "status": any_of("subscribed"),
                    }
                ]
            ),
            "postal_addresses": any_of(
                [{"address_lines": any_of("Via X 1", ["Via X"]), "country": any_of("IT")}]
            ),
            "languages_spoken": any_of(["it"], "it"),
            "custom_fields": any_of({"US voting state": any_of("NY"), first: any_of(second)}),
            "phone_numbers": any_of([{"number": 390612345}]),
        }
        body = {
            "identifiers": any_of(["action_network:x", "y"]),
            "created_date": any_of("2026-03-20T21:04:31Z"),
            "action_date": any_of("2026-03-20T21:04:31Z"),
            "comments": any_of("Yes"),
            "person": any_of(person, person, person),
            "referrer_data": any_of({"source": any_of("none", "newsletter")}),
            "_links": any_of({"osdi:person": {"href": any_of("https://x.example/people/5f1e")}}),
            "add_tags": any_of(["a", "b"]),
        }
        for name in rng.sample(list(body), rng.choice((1, 4)) if rng.is_strange(0.5) else 0):
            del body[name]
        items.append(rng.choice((body, {"osdi:signature": body}, {"osdi:signature": any_of(body)})))
    shape = rng.choice(
        (
            items,
            items[:1] and items[0],
            {"_embedded": {"osdi:signatures": items}},
            {"_embedded": any_of({"osdi:signatures": any_of(items)})},
        )
    )
    if rng.random() < 0.3:
        return b"\n".join(_dumped(rng, item) for item in items)
    return _dumped(rng, shape)
