"""Split pasted text into rows and cells: a table, or a list with dashes or tabs in its lines."""

import csv
import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Comment, Tag

# The separators of the parts of a line: a tab, a bar, or a dash between spaces.
SEPARATORS = re.compile(r"\t+|\s*\|\s*|\s+[-–—]+\s+")
BULLET = re.compile(r"^\s*(?:[·•◦▪●○‣§*–—-]|\uf0b7)\s+")
NUMBERING = re.compile(r"^\s*\d{1,3}[.)]\s+")
RULE = re.compile(r"[\s|:=-]+")
MARKDOWN_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^\s)]+)\)")
URL = re.compile(r"(?:https?://|www\.)[^\s<>\"\ue000\ue001]+", re.IGNORECASE)
# The URL of a link is put after the link's text, between two private-use characters.
MARKED = re.compile("\ue000([^\ue001]*)\ue001")
EMPTY_BRACKETS = re.compile(r"[(<\[]\s*[)>\]]")
LINE_TAGS = ["p", "li", "div", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dt", "dd"]


class Cell(NamedTuple):
    """The text of a cell without URLs, and its URLs."""

    text: str
    urls: tuple[str, ...] = ()


class Pasted(NamedTuple):
    """Rows of cells, and whether they come from a table."""

    rows: list[list[Cell]]
    is_table: bool


def read_rows(text: str, html: str = "") -> Pasted:
    """The rows of pasted ``text``. Reads ``html`` instead if there is any."""
    if html:
        soup = _soup(html)
        if table := _table_rows(soup):
            return Pasted(table, is_table=True)
        if lines := _lines(soup):
            return Pasted(_split(lines), is_table=False)
    lines = [line for line in text.splitlines() if line.strip()]
    if any("\t" in line for line in lines):
        rows = _kept([_cell(part) for part in row] for row in _tab_rows(text, lines))
        return Pasted(rows, is_table=True)
    return Pasted(_split(lines), is_table=False)


def without_numbering(text: str) -> str:
    """``text`` without its list number. "6. April 2018" would lose its day."""
    return NUMBERING.sub("", text)


def _soup(html: str) -> BeautifulSoup:
    """The parsed document, with each link's URL after its text, and line breaks as newlines."""
    soup = BeautifulSoup(html, "html.parser")
    for comment in soup.find_all(string=lambda string: isinstance(string, Comment)):
        comment.extract()
    for element in soup(["script", "style", "title", "head"]):
        element.decompose()
    for anchor in soup("a", href=True):
        address = _direct(str(anchor["href"]))
        if URL.match(address):
            anchor.append(f"\ue000{address}\ue001")
    for line_break in soup("br"):
        line_break.replace_with("\n")
    return soup


def _direct(address: str) -> str:
    """The target of a link. Links in Google's documents go through a redirect page."""
    parts = urlsplit(address) if "google.com/url?" in address else None
    return (parse_qs(parts.query).get("q") or [address])[0] if parts else address


def _table_rows(soup: BeautifulSoup) -> list[list[Cell]]:
    rows = [row for row in soup("tr") if not row.find("table")]
    return _kept([_cell(each.get_text(" ")) for each in row(["td", "th"])] for row in rows)


def _lines(soup: BeautifulSoup) -> list[str]:
    """The lines of a document's paragraphs and lists, at any depth."""
    found = [tag for tag in soup(LINE_TAGS) if isinstance(tag, Tag) and not tag.find(LINE_TAGS)]
    lines = [line for tag in found for line in _words(tag.get_text()).split("\n")]
    return [line for line in lines if line.strip()]


def _words(text: str) -> str:
    """``text`` with its spaces and tabs collapsed. Line breaks stay."""
    return re.sub(r"[ \t\u00a0]+", " ", text)


def _tab_rows(text: str, lines: list[str]) -> list[list[str]]:
    """Rows of tab-separated text. Quoted cells are read only if the rows differ in length."""
    rows = [line.split("\t") for line in lines]
    if '"' in text and len({len(row) for row in rows}) > 1:
        return list(csv.reader(text.splitlines(keepends=True), delimiter="\t"))
    return rows


def _split(lines: list[str]) -> list[list[Cell]]:
    """A row for each line of a list."""
    parted = (SEPARATORS.split(BULLET.sub("", line).strip(" |")) for line in lines)
    return _kept(
        [_cell(part) for part in parts]
        for line, parts in zip(lines, parted, strict=True)
        if not RULE.fullmatch(line)
    )


def _kept(rows) -> list[list[Cell]]:
    """The rows that aren't empty."""
    return [row for row in map(list, rows) if any(cell.text or cell.urls for cell in row)]


def _cell(text: str) -> Cell:
    """The cell for ``text``, with each URL once."""
    text = MARKDOWN_LINK.sub("\\1\ue000\\2\ue001", text)
    urls = MARKED.findall(text)
    text = MARKED.sub("", text)
    for found in URL.findall(text):
        plain = found.rstrip(".,;:!?)")
        urls.append(plain if "://" in plain else f"https://{plain}")
        text = text.replace(plain, " ")
    words = " ".join(EMPTY_BRACKETS.sub(" ", text).split())
    return Cell(words if re.search(r"\w", words) else "", tuple(dict.fromkeys(urls)))
