"""CSV for tools that accept files of a limited size: one file, or a ZIP of several."""

import shutil
import tempfile
import zipfile
from itertools import chain, groupby

from .writers import csv_chunks

# NationBuilder's limit is 20 MB.
PART_BYTES = 19_500_000


def write_csv_parts(file, header, rows):
    """Write the table as ``write_tool_csv`` does. If it is too large, as a ZIP of parts.

    ``file`` is a binary file open for reading and writing. Each part has the header.
    """
    head = b"".join(csv_chunks(header, [], bom=False, guarded=False))
    chunks = filter(None, csv_chunks(header, rows, bom=False, guarded=False))
    parts = groupby(chunks, key=_Numbers(len(head)))
    start = file.tell()
    for chunk in next(parts)[1]:
        file.write(chunk)
    second = next(parts, None)
    if second is None:
        return
    with tempfile.TemporaryFile() as first:
        file.seek(start)
        shutil.copyfileobj(file, first)
        first.seek(0)
        file.seek(start)
        file.truncate()
        with zipfile.ZipFile(file, "w") as archive:
            with archive.open(_entry(1), "w") as part:
                shutil.copyfileobj(first, part)
            for number, more in chain([second], parts):
                with archive.open(_entry(number), "w") as part:
                    part.write(head)
                    for chunk in more:
                        part.write(chunk)


class _Numbers:
    """Tells the part that each chunk goes into. ``head`` is the size of the header in bytes."""

    def __init__(self, head):
        self.head, self.size, self.number = head, 0, 1

    def __call__(self, chunk):
        if self.size and self.size + len(chunk) > PART_BYTES:
            self.number += 1
            self.size = self.head
        self.size += len(chunk)
        return self.number


def _entry(number):
    """The ZIP entry of a part, with a fixed date, so that the same rows give the same bytes."""
    entry = zipfile.ZipInfo(f"part-{number}.csv")
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
