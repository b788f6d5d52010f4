"""Files of every kind as tables: recognised by content, guessed only if necessary, refused with a message."""

import io
import json
import time
from contextlib import suppress
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from wagtail_petition.exports.writers import write_open_file
from wagtail_petition.imports.dates import NoDate, read_moment
from wagtail_petition.imports.reading import Layout, Unreadable, inspect, open_table

from .files import FILES, PAPER, UNKNOWN, UNREADABLE, xlsx


def rows(content, layout=None):
    """The headings and the cells of all rows."""
    table = open_table(io.BytesIO(content), layout)
    return table.headings, [list(row.cells) for row in table.rows()]


@pytest.mark.parametrize("name", FILES)
def test_what_it_is_is_told_by_its_content(name):
    content, _preset, encoding, delimiter, _order = FILES[name]
    found = inspect(io.BytesIO(content))
    assert (found.layout.encoding, found.layout.delimiter) == (encoding, delimiter)
    assert found.rows >= 1
    assert all(column.samples for column in found.columns if column.filled)


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused_in_words(name):
    content, words = UNREADABLE[name]
    start = time.monotonic()
    with pytest.raises(Unreadable, match=words):
        inspect(io.BytesIO(content))
    assert time.monotonic() - start < 20


def test_letters_show_whether_the_encoding_is_right():
    content = UNKNOWN.encode("mac-roman")
    assert "Köln" not in inspect(io.BytesIO(content)).letters
    found = inspect(io.BytesIO(content), Layout("csv", encoding="mac-roman"))
    assert "Köln" in found.letters
    assert found.layout.delimiter == "|"


def test_what_is_no_text_in_the_chosen_encoding():
    with pytest.raises(Unreadable, match="Choose another encoding"):
        inspect(io.BytesIO(UNKNOWN.encode("windows-1252")), Layout("csv", encoding="utf-8"))


def test_repeated_headings_and_empty_rows_are_no_rows():
    headings, found = rows(PAPER.encode())
    assert headings[0] == "sheet"
    assert [row[:2] for row in found] == [["RM-007", "1"], ["RM-007", "2"]]


def test_numbers_of_rows_are_those_of_a_spreadsheet():
    table = open_table(io.BytesIO(b"\nname,city\n\nAda,Roma\n\nBob,Milano\n"))
    assert [row.number for row in table.rows()] == [4, 6]
    assert [row.number for row in table.rows()] == [4, 6]  # As often as one likes.


@pytest.mark.parametrize(
    ("text", "headings", "cells"),
    [
        ("sep=;\na;b\n1;2\n", ["a", "b"], ["1", "2"]),
        ('a,b\n" x ",\0y\n', ["a", "b"], ["x", "y"]),
        ("a,b\n1\n", ["a", "b"], ["1", ""]),
        ("a,b\n1,2,,\n", ["a", "b"], ["1", "2"]),
        ("a,,c\n1,2,3\n", ["a", "Column 2", "c"], ["1", "2", "3"]),
        ("a\tb\r1\t2\r", ["a", "b"], ["1", "2"]),
        ('"a;b",c\n"1\n2",3', ["a;b", "c"], ["1\n2", "3"]),
        ('a,b\n"say ""hi""",x "y" z\n', ["a", "b"], ['say "hi"', 'x "y" z']),
    ],
)
def test_text_as_programs_write_it(text, headings, cells):
    assert rows(text.encode()) == (headings, [cells])


def test_a_row_longer_than_the_headings_is_told():
    table = open_table(io.BytesIO(b"a,b\n1,2,3\n4,5\n"))
    first, second = table.rows()
    assert "3 cells" in first.error
    assert not second.error


def test_an_object_nested_too_deeply_is_refused_and_the_others_are_read():
    def nested(depth):
        return '{"name":' + "[" * (depth - 1) + "]" * (depth - 1) + "}"

    lines = ['{"name":"Ada"}', nested(50), nested(51), nested(500_000)]
    table = open_table(io.BytesIO("\n".join(lines).encode()))
    errors = [row.error for row in table.rows()]
    assert not any(errors[:-2])
    assert all("nested too deeply" in error for error in errors[-2:])


@pytest.mark.parametrize(
    ("content", "headings", "cells"),
    [
        (r'[{"a\u0000":"x\u0000y"}]', ["a"], ["xy"]),
        (r'{"a\ud800":"x\udfffy"}' + "\n" + r'{"a\ud800":""}', ["a\ufffd"], ["x\ufffdy"]),
    ],
)
def test_what_no_database_stores_is_left_out(content, headings, cells):
    assert rows(content.encode()) == (headings, [cells])


def test_a_workbook_keeps_dates_and_numbers():
    moment = datetime(2026, 10, 4, 12, 30)
    content = xlsx([["Name", "Born", "Signed", "Shoe"], ["Ada", date(1990, 1, 2), moment, 37]])
    headings, found = rows(content)
    assert headings == ["Name", "Born", "Signed", "Shoe"]
    assert found == [["Ada", datetime(1990, 1, 2), moment, 37]]


def test_a_sheet_can_be_chosen():
    content = xlsx([["Name"], ["Ada"]], sheets=("Paper", "Notes"))
    assert inspect(io.BytesIO(content)).sheets == ["Paper", "Notes"]
    assert rows(content, Layout("xlsx", sheet="Paper"))[1] == [["Ada"]]
    with pytest.raises(Unreadable, match="“Notes”"):
        rows(content, Layout("xlsx", sheet="Notes"))


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_further_sheets_with_the_same_headings_go_on(kind, monkeypatch):
    monkeypatch.setattr(f"wagtail_petition.exports.{kind}.SHEET_ROWS", 3)
    monkeypatch.setattr(f"wagtail_petition.exports.{kind}.ROWS_AT_ONCE", 2)
    made = io.BytesIO()
    written = [[f"person {n}", "two\nlines", " spaced  out "] for n in range(5)]
    write_open_file(made, kind, ["Name", "Message", "City"], written)
    headings, found = rows(made.getvalue())
    assert headings == ["Name", "Message", "City"]
    assert found == [[name, text, city.strip()] for name, text, city in written]


def test_too_many_rows_and_too_large_a_file(settings):
    settings.WAGTAIL_PETITION = {"IMPORT_MAX_ROWS": 1, "IMPORT_MAX_BYTES": 2_000_000}
    with pytest.raises(Unreadable, match="more than 1 row"):
        inspect(io.BytesIO(PAPER.encode()))
    with pytest.raises(Unreadable, match="larger than 2 MB"):
        inspect(io.BytesIO(b"x" * 2_000_001))


@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(content):
    _read_or_refuse(content)


@given(
    st.sampled_from(sorted(FILES)), st.integers(0, 4000), st.binary(max_size=8), st.integers(0, 40)
)
def test_no_damage_is_too_strange(name, at, put, cut):
    content = FILES[name][0]
    at %= len(content)
    _read_or_refuse(content[:at] + put + content[at + cut :])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["person", "osdi:signature", "email_addresses", "_embedded", "signatures", "a"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_document_is_too_strange(document):
    _read_or_refuse(json.dumps(document).encode())


def _read_or_refuse(content):
    with suppress(Unreadable):
        assert inspect(io.BytesIO(content)).rows


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_of_a_large_file_the_first_rows_are_enough_to_look_at(kind):
    rows = [["first name", "email"], *([f"Ada{n}", f"a{n}@example.org"] for n in range(2500))]
    content = xlsx(rows) if kind == "xlsx" else "\n".join(map(",".join, rows)).encode()
    found = inspect(io.BytesIO(content), seconds=0)
    assert (found.rows, found.is_partial, found.columns[0].filled) == (1000, True, 1000)
    found = inspect(io.BytesIO(content))
    assert (found.rows, found.is_partial) == (2500, False)


def test_dates_that_can_be_read_in_two_ways_are_never_guessed():
    assert read_moment("31/12/2025", "", UTC)[0].month == 12
    assert read_moment("5/5/2025", "", UTC)[0].day == 5
    with pytest.raises(NoDate):
        read_moment("3/4/2025", "", UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Fri May 22 2026 13:16:17 GMT+0200 (Central European Summer Time)",
        "Fri, 22 May 2026 13:16:17 +0200",
        "venerdì 22 maggio 2026, 13:16:17 CEST",
        "2026-05-22 13:16:17 Europe/Rome",
        "May 22nd, 2026 at 1:16:17 PM GMT+2",
        "22-May-2026 13:16:17 +02:00",
        "22/May/26 13:16:17 +0200",
        "20260522T111617Z",
        "20260522T131617+0200",
        "2026-05-22T11:16:17.000000Z",
    ],
)
def test_moments_as_programs_write_them(text):
    moment, is_day = read_moment(text, "", UTC)
    assert (moment.isoformat(), is_day) == ("2026-05-22T11:16:17+00:00", False)


@pytest.mark.parametrize(
    "text", ["22-May-26", "20260522", "Fri, 22 May 2026", "Friday, May 22, 2026"]
)
def test_days_as_programs_write_them(text):
    moment, is_day = read_moment(text, "", UTC)
    assert (moment.date().isoformat(), is_day) == ("2026-05-22", True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "0000-00-00 00:00:00",
            "20261322",
            "22-Foo-26",
            "Foo 22 2026",
            "2026-05-22 13:16 No/Where",
        ),
        *("2026-05-22 13:16 ../etc", "May", "", "Fri", "22-May-26-", "2026-05-22 at noon"),
    ],
)
def test_what_is_no_date(text):
    with pytest.raises((NoDate, ValueError)):
        read_moment(text, "", UTC)


def test_files_that_were_joined_are_one():
    one = b"\xef\xbb\xbfname,email\nAda,a@example.org\n"
    headings, found = rows(one + one.replace(b"Ada,a", b"Bob,b"))
    assert headings == ["name", "email"]
    assert found == [["Ada", "a@example.org"], ["Bob", "b@example.org"]]


def test_of_a_workbook_the_sheets_that_are_shown_are_read():
    book = openpyxl.Workbook()
    book.active.title, book.active.sheet_state = "Old", "hidden"
    shown = book.create_sheet("Now")
    book.active = 1
    for sheet, name in ((book["Old"], "Ada"), (shown, "Bob")):
        sheet.append([sheet.title])
        sheet.append([name])
    made = io.BytesIO()
    book.save(made)
    assert rows(made.getvalue()) == (["Now"], [["Bob"]])
    assert rows(made.getvalue(), Layout("xlsx", sheet="Old")) == (["Old"], [["Ada"]])


def test_dates_of_a_workbook_that_counts_from_1904():
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["date"])
    book.active.append([datetime(2026, 10, 4)])
    made = io.BytesIO()
    book.save(made)
    assert rows(made.getvalue()) == (["date"], [[datetime(2026, 10, 4)]])
