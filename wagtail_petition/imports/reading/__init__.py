"""Files of others as tables: headings, and rows one at a time, whatever kind of file it is.

What a file is, is told from its content, never from its name. The standard library reads CSV,
openpyxl XLSX and ijson JSON, all of them row by row. For ODS no library streams (odfpy, ezodf and
pandas hold the whole document, python-calamine the whole sheet), so that reader is our own, on
defusedxml. Nothing guesses encodings: of those that such files have, UTF-8 and UTF-16 can be told
for certain, and of the rest one is far more common than the others.
"""

from .files import open_table
from .inspection import ColumnInfo, Inspection, inspect
from .table import DELIMITERS, ENCODINGS, KINDS, Layout, Row, Table, Unreadable

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "KINDS",
    "ColumnInfo",
    "Inspection",
    "Layout",
    "Row",
    "Table",
    "Unreadable",
    "inspect",
    "open_table",
]
