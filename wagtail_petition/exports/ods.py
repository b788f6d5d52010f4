"""Write ODS files of any size, row by row, as LibreOffice does.

Many public offices in Europe must accept OpenDocument. The libraries for it (odfpy, and tablib
and pyexcel on top of it) build the whole document in memory. Here ``content.xml``, the file in
the ZIP that holds all sheets, is written while the rows are read.
"""

import zipfile
from datetime import date, datetime
from itertools import islice, pairwise
from xml.sax.saxutils import escape, quoteattr

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_petition.background.failures import Failure

from .cells import ROWS_AT_ONCE, cell

# The most rows of a sheet in LibreOffice, header included. And the most bytes of a file in a ZIP
# without ZIP64, which not all readers support.
SHEET_ROWS = 1_048_576
MOST_BYTES = 2_000_000_000
MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        *((name, name) for name in ("office", "table", "text", "style", "manifest")),
        *(("number", "datastyle"), ("fo", "xsl-fo-compatible")),
    ]
)
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
DASH, COLON = "<number:text>-</number:text>", "<number:text>:</number:text>"
DAY = (
    f'<number:year number:style="long"/>{DASH}<number:month number:style="long"/>{DASH}'
    '<number:day number:style="long"/>'
)
TIME = (
    f'<number:hours number:style="long"/>{COLON}<number:minutes number:style="long"/>{COLON}'
    '<number:seconds number:style="long"/>'
)
LEFT = '<style:paragraph-properties fo:text-align="start"/>'
STYLES = (
    f'<number:date-style style:name="day-format">{DAY}</number:date-style>'
    f'<number:date-style style:name="moment-format">{DAY}<number:text> </number:text>{TIME}'
    "</number:date-style>"
    '<style:style style:name="title" style:family="table-cell"><style:text-properties '
    'fo:font-weight="bold" style:font-weight-asian="bold" style:font-weight-complex="bold"/>'
    "</style:style>"
    '<style:style style:name="day" style:family="table-cell" '
    f'style:data-style-name="day-format">{LEFT}</style:style>'
    '<style:style style:name="moment" style:family="table-cell" '
    f'style:data-style-name="moment-format">{LEFT}</style:style>'
)


class TooLarge(Failure):
    """The table has more rows than an ODS file can hold."""


def write_ods(file, header, rows, *, right_to_left=False):
    """Write the table as ODS to a binary file. Each cell is a text, a number or a date.

    Starts another sheet, with the header, at LibreOffice's limit of rows. Raises ``TooLarge`` at
    the format's limit of bytes: beyond a million signatures with all columns.
    """
    header = [str(title) for title in header]
    zone = timezone.get_current_timezone()
    rows = iter(rows)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        # First and uncompressed, as the format requires.
        book.writestr(_entry("mimetype", zipfile.ZIP_STORED), MEDIA_TYPE)
        with book.open(_entry("content.xml"), "w") as content:
            _write_sheets(content, header, rows, zone, right_to_left)
        book.writestr(_entry("META-INF/manifest.xml"), _manifest())


def _write_sheets(content, header, rows, zone, right_to_left):
    size = content.write(_head(header, right_to_left).encode())
    top = _columns(header) + _row(header, zone, ' table:style-name="title"')
    sheets = 0
    batch = list(islice(rows, ROWS_AT_ONCE))
    while batch or not sheets:
        sheets += 1
        content.write(
            f'<table:table table:name="Sheet{sheets}" table:style-name="sheet">{top}'.encode()
        )
        position = 2
        while batch:
            size += content.write("".join(_row(row, zone) for row in batch).encode())
            if size > MOST_BYTES:
                raise TooLarge(_("Too many rows for an ODS file. Choose XLSX, CSV or JSON lines."))
            position += len(batch)
            batch = list(islice(rows, min(ROWS_AT_ONCE, SHEET_ROWS + 1 - position)))
        content.write(b"</table:table>")
        batch = list(islice(rows, ROWS_AT_ONCE))
    content.write(b"</office:spreadsheet></office:body></office:document-content>")


def _entry(name, compress_type=zipfile.ZIP_DEFLATED):
    """The ZIP entry for a file, with a fixed date, so that the same rows give the same bytes."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = compress_type
    return entry


def _head(header, right_to_left):
    """The XML before the first sheet, with the styles."""
    direction = "rl-tb" if right_to_left else "lr-tb"
    widths = "".join(
        f'<style:style style:name="width{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * 0.22:.2f}cm"/></style:style>'
        for width in sorted({_width(title) for title in header})
    )
    return (
        f'{XML}<office:document-content {NAMESPACES} office:version="1.3">'
        f"<office:automatic-styles>{STYLES}{widths}"
        '<style:style style:name="sheet" style:family="table">'
        f'<style:table-properties table:display="true" style:writing-mode="{direction}"/>'
        "</style:style></office:automatic-styles><office:body><office:spreadsheet>"
    )


def _width(title):
    """A column's width in characters."""
    return min(max(len(title) + 2, 12), 40)


def _columns(header):
    return "".join(
        f'<table:table-column table:style-name="width{_width(title)}"/>' for title in header
    )


def _manifest():
    entries = [("/", MEDIA_TYPE), ("content.xml", "text/xml")]
    listed = "".join(
        f"<manifest:file-entry manifest:full-path={quoteattr(path)} "
        f"manifest:media-type={quoteattr(kind)}/>"
        for path, kind in entries
    )
    return (
        f'{XML}<manifest:manifest {NAMESPACES} manifest:version="1.3">{listed}</manifest:manifest>'
    )


def _row(values, zone, style=""):
    cells = "".join(
        "<table:table-cell/>" if value in ("", None) else _cell(cell(value, zone), style)
        for value in values
    )
    return f"<table:table-row>{cells}</table:table-row>"


def _cell(value, style):
    if isinstance(value, str):
        kind, content = "string", _paragraphs(value)
    elif isinstance(value, datetime):
        # Local time, since spreadsheets have no time zones.
        moment = value.replace(tzinfo=None, microsecond=0)
        style = ' table:style-name="moment"'
        kind = f'date" office:date-value="{moment.isoformat()}'
        content = f"<text:p>{moment}</text:p>"
    elif isinstance(value, date):
        style = ' table:style-name="day"'
        kind = f'date" office:date-value="{value.isoformat()}'
        content = f"<text:p>{value}</text:p>"
    else:
        kind, content = f'float" office:value="{value!r}', f"<text:p>{value!r}</text:p>"
    return f'<table:table-cell{style} office:value-type="{kind}">{content}</table:table-cell>'


def _paragraphs(text):
    """``text`` as OpenDocument paragraphs, one for each line."""
    # Fast path: true for most texts.
    if text.isalnum():
        return f"<text:p>{text}</text:p>"
    return "".join(f"<text:p>{_spaced(escape(line))}</text:p>" for line in text.split("\n"))


def _spaced(line):
    """A line with elements for spaces that XML would drop or merge.

    Tabs stay: LibreOffice ignores the tab element in cells.
    """
    if line[:1] == " " or line[-1:] == " " or "  " in line:
        words = line.split(" ")
        # A single space between two words stays; any other becomes an element.
        line = words[0]
        for before, word in pairwise(words):
            line += (" " if before and word else "<text:s/>") + word
    return line
