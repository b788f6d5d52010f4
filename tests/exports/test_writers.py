"""Tables as files, as other programs read them."""

import csv
import io
import json
import os
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_petition.exports import ods, writers, xlsx
from wagtail_petition.exports.cells import clean, unguard
from wagtail_petition.exports.jsonl import write_jsonl
from wagtail_petition.exports.writers import FORMATS, csv_chunks, write_file

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

HEADER = ["Name", "=1+1"]
# What people type to see what happens.
HOSTILE = [
    "=1+1",
    "==1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    " =1+1",
    "\t=1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "＝1+1",
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "'=1+1",
    "<b>bold</b>",
    "<r>raw</r>",
    "<r><t>raw</t></r>",
    "]]>",
    "&amp;&lt;",
    "_x0041_",
    "__x0041_",
    "a\x00b",
    "a\x0bb\x1f",
    "two\nlines",
    "three\r\nlines",
    'quo"te',
    "semi;colon, comma",
    "Anna;=1+41;x",
    "Anna,=1+41,x",
    'Anna;"=1+41";x',
    "Anna\n=1+41\nx",
    " spaces ",
    "Z\u0335\u0321\u0327a\u0338\u0328l\u0337g\u0335o",
    "\u202egnp.exe",
    "李小龍",
    "عمر",
    "O'Neill",
    "🏳️‍🌈",
    "00123",
    "1E5",
    "2025-01-01",
    "TRUE",
    "#REF!",
    "x" * 2000,
]


def shown(text):
    """What a file has instead of ``text`` where it can't have that."""
    return text.replace("\r\n", "\n").translate(dict.fromkeys([0, 0x0B, 0x1F], "\ufffd"))


def read_csv(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(path):
    return [list(row) for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows()]


class TestCsv:
    def test_each_cell_reads_as_text(self):
        rows = read_csv(b"".join(csv_chunks(HEADER, ([text, ""] for text in HOSTILE))))
        assert rows[0] == ["Name", "'=1+1"]
        for text, (read, _empty) in zip(HOSTILE, rows[1:], strict=True):
            assert unguard(read) == shown(text)
            assert not read.strip().startswith(("=", "+", "-", "@", "＝"))

    def test_mark_for_excel(self):
        assert b"".join(csv_chunks(["é"], [])) == b"\xef\xbb\xbf\xc3\xa9\r\n"
        assert b"".join(csv_chunks(["é"], [], bom=False)) == b"\xc3\xa9\r\n"

    def test_numbers_and_local_times(self):
        rows = [[-5, date(2025, 1, 2), datetime(2025, 7, 1, 22, 30, 1, 5, tzinfo=UTC), None]]
        data = b"".join(csv_chunks(["a"] * 4, rows, bom=False))
        assert data.splitlines()[1] == b"-5,2025-01-02,2025-07-02 00:30:01+02:00,"

    def test_comes_in_chunks(self):
        taken = []
        rows = ([taken.append(n) or n] for n in range(5 * writers.ROWS_AT_ONCE))
        chunks = csv_chunks(["n"], rows)
        next(chunks)
        assert len(taken) == writers.ROWS_AT_ONCE

    @given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), max_size=5))
    def test_whatever_is_written_is_read(self, rows):
        read = read_csv(b"".join(csv_chunks(["a", "b"], rows)))
        assert len(read) == len(rows) + 1
        assert all(len(row) == 2 for row in read)


class TestXlsx:
    def test_each_cell_is_text(self, tmp_path):
        path = tmp_path / "a.xlsx"
        write_file(path, "xlsx", HEADER, ([text, "x"] for text in HOSTILE))
        rows = read_xlsx(path)
        assert [c.value for c in rows[0]] == HEADER
        for text, (read, _other) in zip(HOSTILE, rows[1:], strict=True):
            # openpyxl leaves escaped what a spreadsheet shows as it was.
            assert read.value.replace("_x005F_", "_") == shown(text)
            assert read.data_type == "s"

    def test_numbers_and_dates_are_true(self, tmp_path):
        path = tmp_path / "a.xlsx"
        moment = datetime(2025, 7, 1, 22, 30, 1, 5, tzinfo=UTC)
        row = [-5, 2.5, date(2025, 1, 2), moment, date(1899, 5, 1), 10**16, None]
        write_file(path, "xlsx", ["a"] * 7, [row])
        read = read_xlsx(path)[1]
        assert [c.value for c in read] == [
            *(-5, 2.5, datetime(2025, 1, 2), datetime(2025, 7, 2, 0, 30, 1)),
            *("1899-05-01", "10000000000000000", None),
        ]
        assert [c.data_type for c in read] == ["n", "n", "d", "d", "s", "s", "n"]

    def test_goes_on_to_another_sheet(self, tmp_path, monkeypatch):
        monkeypatch.setattr(xlsx, "SHEET_ROWS", 5)
        monkeypatch.setattr(xlsx, "ROWS_AT_ONCE", 3)
        path = tmp_path / "a.xlsx"
        assert write_file(path, "xlsx", ["n"], ([n] for n in range(9))).rows == 9
        sheets = openpyxl.load_workbook(path).worksheets
        read = [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in sheets]
        assert read == [["n", 0, 1, 2, 3], ["n", 4, 5, 6, 7], ["n", 8]]

    @pytest.mark.parametrize("count", [0, 4, 8])
    def test_full_sheets_are_not_followed_by_an_empty_one(self, tmp_path, monkeypatch, count):
        monkeypatch.setattr(xlsx, "SHEET_ROWS", 5)
        monkeypatch.setattr(xlsx, "ROWS_AT_ONCE", 3)
        path = tmp_path / "a.xlsx"
        write_file(path, "xlsx", ["n"], ([n] for n in range(count)))
        assert len(openpyxl.load_workbook(path).worksheets) == max(1, count // 4)

    def test_right_to_left(self, tmp_path):
        path = tmp_path / "a.xlsx"
        write_file(path, "xlsx", ["عمر"], [], right_to_left=True)
        assert openpyxl.load_workbook(path).active.sheet_view.rightToLeft

    def test_same_rows_make_same_bytes(self, tmp_path):
        made = [write_file(tmp_path / name, "xlsx", ["n"], [["x"]]) for name in ("a", "b")]
        assert made[0] == made[1]

    @given(st.lists(st.text(max_size=8), min_size=3, max_size=3))
    def test_whatever_is_written_is_read(self, row):
        file = io.BytesIO()
        xlsx.write_xlsx(file, ["a", "b", "c"], [row])
        assert openpyxl.load_workbook(file).active.max_row in (1, 2)


class TestOds:
    @pytest.fixture
    def write(self, tmp_path, monkeypatch):
        """Writes a file with sheets of four rows below their header. Returns the path."""
        monkeypatch.setattr(ods, "SHEET_ROWS", 5)
        monkeypatch.setattr(ods, "ROWS_AT_ONCE", 3)

        def write(header, rows, **options):
            write_file(tmp_path / "a.ods", "ods", header, rows, **options)
            return tmp_path / "a.ods"

        return write

    def test_each_cell_is_text(self, tmp_path):
        path = tmp_path / "a.ods"
        write_file(path, "ods", HEADER, ([text, "x"] for text in HOSTILE))
        [rows] = read_ods(path)
        assert rows[0] == [("string", title) for title in HEADER]
        assert [row[0] for row in rows[1:]] == [("string", shown(text)) for text in HOSTILE]
        assert "formula" not in zipfile.ZipFile(path).read("content.xml").decode()

    def test_numbers_and_dates_are_true(self, write):
        moment = datetime(2025, 7, 1, 22, 30, 1, 5, tzinfo=UTC)
        row = [-5, 2.5, date(2025, 1, 2), moment, date(1899, 5, 1), 10**16, None]
        assert read_ods(write(["a"] * 7, [row]))[0][1] == [
            *(("float", "-5"), ("float", "2.5"), ("date", "2025-01-02")),
            *(("date", "2025-07-02T00:30:01"), ("date", "1899-05-01")),
            *(("string", "10000000000000000"), (None, "")),
        ]

    def test_goes_on_to_another_sheet(self, write):
        sheets = read_ods(write(["n"], ([n] for n in range(9))))
        read = [[value for [(_type, value)] in sheet] for sheet in sheets]
        assert read == [["n", "0", "1", "2", "3"], ["n", "4", "5", "6", "7"], ["n", "8"]]

    @pytest.mark.parametrize("count", [0, 4, 8])
    def test_full_sheets_are_not_followed_by_an_empty_one(self, write, count):
        assert len(read_ods(write(["n"], ([n] for n in range(count))))) == max(1, count // 4)

    def test_right_to_left(self, write):
        with zipfile.ZipFile(write(["عمر"], [], right_to_left=True)) as book:
            assert 'writing-mode="rl-tb"' in book.read("content.xml").decode()

    def test_its_kind_is_told_by_its_beginning(self, write):
        assert write(["n"], []).read_bytes()[30:].startswith(b"mimetype" + ods.MEDIA_TYPE.encode())

    def test_same_rows_make_same_bytes(self, tmp_path):
        made = [write_file(tmp_path / name, "ods", ["n"], [["x"]]) for name in ("a", "b")]
        assert made[0] == made[1]

    def test_more_than_it_can_hold_is_no_file(self, write, tmp_path, monkeypatch):
        monkeypatch.setattr(ods, "MOST_BYTES", 5000)
        with pytest.raises(ods.TooLarge, match="XLSX"):
            write(["n"], ([n] for n in range(999)))
        assert not list(tmp_path.iterdir())

    @given(st.lists(st.text(max_size=8), min_size=3, max_size=3))
    def test_whatever_is_written_is_read(self, row):
        file = io.BytesIO()
        ods.write_ods(file, ["a", "b", "c"], [row])
        [[_header, read]] = read_ods(file)
        assert [text for _type, text in read] == [clean(text) for text in row]


def read_ods(file):
    """The (type, value or text) of each cell, by rows, by sheets."""
    root = ElementTree.fromstring(zipfile.ZipFile(file).read("content.xml"))

    def value(cell):
        kind = cell.get(f"{OFFICE}value-type")
        if kind == "float":
            return kind, cell.get(f"{OFFICE}value")
        if kind == "date":
            return kind, cell.get(f"{OFFICE}date-value")
        return kind, "\n".join(map(text_of, cell))

    return [
        [list(map(value, row)) for row in sheet.iterfind(f"{TABLE}table-row")]
        for sheet in root.iterfind(f".//{TABLE}table")
    ]


class TestJsonLines:
    def read(self, header, rows):
        file = io.BytesIO()
        write_jsonl(file, header, rows)
        lines = file.getvalue().decode().split("\n")
        assert lines.pop() == ""
        return [json.loads(line) for line in lines]

    def test_an_object_for_each_row(self):
        assert self.read(["number", "given_name"], [[1, "Anna"], [2, "José"]]) == [
            {"number": 1, "given_name": "Anna"},
            {"number": 2, "given_name": "José"},
        ]

    def test_what_people_type_comes_back(self):
        read = self.read(["text"], ([text] for text in HOSTILE))
        assert [row["text"] for row in read] == [shown(text) for text in HOSTILE]

    def test_numbers_dates_and_truths_are_themselves(self):
        moment = datetime(2025, 7, 1, 22, 30, 1, 5, tzinfo=UTC)
        row = [-5, 2.5, date(2025, 1, 2), moment, None, True]
        assert list(self.read("abcdef", [row])[0].values()) == [
            *(-5, 2.5, "2025-01-02", "2025-07-02T00:30:01+02:00", None, True)
        ]


class TestFiles:
    @pytest.mark.parametrize("name", FORMATS)
    def test_says_what_was_written(self, tmp_path, name):
        path = tmp_path / f"a.{name}"
        written = write_file(path, name, ["n"], ([n] for n in range(3)))
        assert written.rows == 3
        assert written.size == path.stat().st_size
        assert written.sha256 == sha256(path)

    @pytest.mark.parametrize("name", FORMATS)
    @pytest.mark.parametrize("before", [None, b"before"])
    def test_complete_or_absent(self, tmp_path, name, before):
        def rows():
            yield from ([n] for n in range(3000))
            raise OSError("The database is gone")

        path = tmp_path / "a"
        if before:
            path.write_bytes(before)
        with pytest.raises(OSError, match="gone"):
            write_file(path, name, ["n"], rows())
        assert [p.name for p in tmp_path.iterdir()] == (["a"] if before else [])
        assert not before or path.read_bytes() == before

    def test_never_there_by_half(self, tmp_path):
        path = tmp_path / "a.csv"

        def rows():
            for n in range(3000):
                assert not path.exists()
                yield [n]

        write_file(path, "csv", ["n"], rows())
        assert path.exists()


def sha256(path):
    return subprocess.run(
        ["sha256sum", path], check=True, capture_output=True, text=True
    ).stdout.split()[0]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("name", ["csv", "xlsx", "ods"])
def test_a_real_spreadsheet_sees_text(tmp_path, name):
    path = tmp_path / f"table.{name}"
    write_file(path, name, HEADER, ([text, "x"] for text in HOSTILE))
    cells = open_with_libreoffice(path, tmp_path)
    assert len(cells) == len(HOSTILE) + 1
    for text, read in zip(HOSTILE, cells[1:], strict=True):
        if name != "csv":
            assert read == ("string", shown(text))
        else:
            # A CSV file has no types: what looks like a number or a date is read as one.
            assert read[0] != "string" or unguard(read[1]) == shown(text)


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_a_spreadsheet_that_splits_elsewhere_sees_no_formula(tmp_path, separator):
    path = tmp_path / "table.csv"
    texts = [text.replace(";", separator) for text in HOSTILE]
    write_file(path, "csv", HEADER, (["first", text, "x"] for text in texts))
    open_with_libreoffice(path, tmp_path, separator=separator)


def open_with_libreoffice(path, folder, separator=","):
    """The (type, text) of each cell of the first column, as LibreOffice takes the file.

    It writes what it understood as XML, where a formula would be an attribute.
    """
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            *(
                [f"--infilter=CSV:{ord(separator)},34,76,1,,0,false,true,false,false,false,-1,true"]
                if path.suffix == ".csv"
                else []
            ),
            *("--convert-to", "fods", "--outdir", str(folder), str(path)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "HOME": str(folder)},
    )
    xml = path.with_suffix(".fods").read_text()
    assert "table:formula" not in xml
    rows = ElementTree.fromstring(xml).iterfind(f".//{TABLE}table/{TABLE}table-row")
    found = []
    for row in rows:
        cell = row.find(f"{TABLE}table-cell")
        if len(cell):
            found.append((cell.get(f"{OFFICE}value-type"), "\n".join(map(text_of, cell))))
    return found


def text_of(element):
    """The text of a paragraph of OpenDocument, which has elements for white space."""
    text = element.text or ""
    for child in element:
        if child.tag == f"{TEXT}s":
            text += " " * int(child.get(f"{TEXT}c", 1))
        elif child.tag == f"{TEXT}tab":
            text += "\t"
        else:
            text += text_of(child)
        text += child.tail or ""
    return text
