"""Read CSV files with any delimiter, in the encodings that spreadsheets and platforms write."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from django.utils.translation import gettext as _

from .table import DELIMITERS, Cell, Layout, PlainTable, Unreadable

# Longer than any message: in a longer cell, a quotation mark isn't closed.
LONGEST_CELL = 100_000
# Excel's line that names the delimiter.
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
CHUNK = 1 << 20
# Added as the last row. If it is part of another cell, a quotation mark isn't closed.
END = "\ue000end of file\ue000"

csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))


def guess_encoding(file: BinaryIO) -> str:
    """The encoding of a text file, a key of ``ENCODINGS``. Reads the whole file."""
    file.seek(0)
    head = file.read(1024)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if found := is_utf_16(head):
        return found
    for name in ("utf-8", "windows-1252"):
        if _can_be(name, file):
            return name
    # Five bytes have no letter in Windows-1252. If they occur, it is another encoding.
    return "mac-roman"


def is_utf_16(head: bytes) -> str:
    """The kind of UTF-16 of a file that begins with ``head``; "" if it isn't UTF-16."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Without a BOM: Latin letters have a zero byte each.
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[offset::2]
        other = head[1 - offset :: 2]
        if half and half.count(0) >= 0.3 * len(half) and half.count(0) > 2 * other.count(0):
            return name
    return ""


def _can_be(encoding: str, file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def guess_delimiter(file: BinaryIO, encoding: str) -> str:
    """The most frequent delimiter in the headings, outside of quotation marks."""
    for line in _lines(file, encoding):
        if found := SEPARATOR_LINE.fullmatch(line.strip()):
            return found[1]
        if line.strip():
            bare = re.sub(r'"[^"]*"', "", line)
            return max(DELIMITERS, key=bare.count)
    return ","


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield the lines with their line ends, without NULs, and BOMs of files that were joined."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        for line in text:
            line = line.lstrip("\ufeff")
            yield line.replace("\0", "") if "\0" in line else line
    except UnicodeError as error:
        raise Unreadable(
            _("The file is not text in %(encoding)s. Choose another encoding.")
            % {"encoding": encoding}
        ) from error
    finally:
        # Keeps the caller's file open. It may be closed by now.
        with suppress(ValueError):
            text.detach()


class TextTable(PlainTable):
    """A table in a text file."""

    def __init__(self, file: BinaryIO, layout: Layout) -> None:
        self.file, self.layout, self._last_line = file, layout, ""
        super().__init__()

    def raw_rows(self) -> Iterator[tuple[int, list[Cell]]]:
        reader = csv.reader(self._marked(), delimiter=self.layout.delimiter)
        number, start = 0, 1
        try:
            for row in reader:
                number += 1
                if row and row[-1].endswith(END):
                    if row != [END]:
                        raise _never_closed(start)
                    return
                start = reader.line_num + 1
                if number == 1 and SEPARATOR_LINE.fullmatch(self.layout.delimiter.join(row)):
                    continue
                yield number, [cell.strip() for cell in row]
        except csv.Error as error:
            if reader.line_num > start or self._last_line.count('"') % 2:
                raise _never_closed(start) from error
            raise Unreadable(
                _("Line %(line)d has a cell of more than %(most)d characters. Shorten it.")
                % {"line": start, "most": LONGEST_CELL}
            ) from error

    def _marked(self) -> Iterator[str]:
        """Yield the lines, then ``END``, which shows whether a quotation mark isn't closed."""
        for line in _lines(self.file, self.layout.encoding):
            self._last_line = line
            yield line
        yield END


def _never_closed(line: int) -> Unreadable:
    return Unreadable(
        _(
            "A quotation mark in line %(line)d is never closed. Close it, or double it if it is "
            "part of the text, and choose the file again."
        )
        % {"line": line}
    )
