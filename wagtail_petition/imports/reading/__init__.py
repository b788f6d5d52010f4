"""Read files of several formats as tables: headings, and rows one at a time.

The format is recognised from the content, never from the name. The standard library reads CSV,
openpyxl XLSX and ijson JSON, all row by row. No library streams ODS (odfpy, ezodf and pandas load
the whole document, python-calamine the whole sheet), so that reader is ours, with defusedxml.
Encodings need no guessing library: UTF-8 and UTF-16 can be recognised with certainty, and of the
others one is far more common in such files.
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
