"""Create background links from pasted text."""

from django.utils.translation import gettext as _

from wagtail_petition.formats import shown_host

from .blocks import MOST, PastedBlock, PastedBlocks, shortened, valid_urls
from .rows import Cell, read_rows, without_numbering

TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 250


def read_links(text: str, html: str = "", language: str = "en") -> PastedBlocks:
    """The links in pasted ``text`` and ``html``: each with a title, a URL and a description."""
    rows, is_table = read_rows(text, html)
    left_out: list[str] = []
    if any(_urls(row) for row in rows):
        rows = _without_head(rows, left_out) if is_table else _joined(rows)
    links = [_link(row) for row in rows]
    left_out += [link.value["title"] for link in links[MOST:]]
    return PastedBlocks(links[:MOST], left_out)


def _urls(row: list[Cell]) -> list[str]:
    return [url for cell in row for url in cell.urls]


def _texts(row: list[Cell]) -> list[str]:
    return [cell.text for cell in row if cell.text]


def _without_head(rows: list[list[Cell]], left_out: list[str]) -> list[list[Cell]]:
    """The table without its header row."""
    if _urls(rows[0]) or len(rows) == 1:
        return rows
    left_out.append(" – ".join(_texts(rows[0])))
    return rows[1:]


def _joined(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Join a line that holds only a URL to the title above it."""
    joined: list[list[Cell]] = []
    for row in rows:
        if joined and not _texts(row) and not _urls(joined[-1]):
            joined[-1] = [*joined[-1], *row]
        else:
            joined.append(row)
    return joined


def _link(row: list[Cell]) -> PastedBlock:
    notes: list[str] = []
    urls, texts = valid_urls(_urls(row), notes), _texts(row)
    url = urls[0] if urls else ""
    if not url:
        notes.append(_("No URL found. Enter it after adding."))
    if len(urls) > 1:
        notes.append(_("Only the first URL is used."))
    title = without_numbering(texts[0]) if texts else shown_host(url)
    description = " – ".join(texts[1:])
    if len(title) > TITLE_LENGTH or len(description) > DESCRIPTION_LENGTH:
        notes.append(_("Long text was shortened."))
    return PastedBlock(
        {
            "title": shortened(title, TITLE_LENGTH),
            "url": url,
            "description": shortened(description, DESCRIPTION_LENGTH),
        },
        notes,
    )
