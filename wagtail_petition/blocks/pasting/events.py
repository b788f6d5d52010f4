"""Create events of a timeline from pasted text."""

import re
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from .blocks import MOST, PastedBlock, PastedBlocks, shortened, valid_urls
from .dates import WrittenDate, is_month_first, read_date
from .rows import Cell, read_rows, without_numbering

TITLE_LENGTH = 200
# The possible end of a date at the start of a line.
END_OF_DATE = re.compile(r"(?P<sign>\s*[:,.;)]?)(?:\s+|$)")
IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]+)[)\]]\s*$")
# In characters, with a weekday.
LONGEST_DATE = 60


def read_events(text: str, html: str = "", language: str = "en") -> PastedBlocks:
    """The events in pasted ``text`` and ``html``.

    ``language`` is the page's, for dates like 4/5/2018.
    """
    rows, is_table = read_rows(text, html)
    month_first = is_month_first([cell.text for row in rows for cell in row], language)
    dated = [_find_date(row, month_first) for row in rows]
    left_out: list[str] = []
    if any(when for when, _cells in dated):
        dated = _without_head(dated, left_out) if is_table else _joined(dated, left_out)
    events = [_event(when, cells) for when, cells in dated]
    left_out += [event.value["title"] for event in events[MOST:]]
    return PastedBlocks(events[:MOST], left_out)


Dated = tuple[WrittenDate | None, list[Cell]]


def _find_date(row: list[Cell], month_first: bool) -> Dated:
    """The date of a row, and the row's cells without the date."""
    for position, cell in enumerate(row):
        if when := read_date(cell.text, month_first=month_first):
            rest = [*row[:position], *([Cell("", cell.urls)] if cell.urls else [])]
            return when, [*rest, *row[position + 1 :]]
    first = row[0]
    for words in (first.text, without_numbering(first.text)):
        when, other_words = _date_within(words, month_first)
        if when:
            return when, [Cell(other_words, first.urls), *row[1:]]
    return None, row


def _date_within(words: str, month_first: bool) -> tuple[WrittenDate | None, str]:
    """The date at the start of ``words``, or in brackets at the end, and the other words."""
    for end in reversed(list(END_OF_DATE.finditer(words[:LONGEST_DATE]))):
        when = read_date(words[: end.start()], month_first=month_first)
        # "2018 was a hard year" doesn't start with a date.
        if when and (when.precision == "day" or end["sign"].strip()):
            return when, words[end.end() :].strip()
    found = IN_BRACKETS.search(words)
    if found and (when := read_date(found[1], month_first=month_first)):
        return when, words[: found.start()].strip()
    return None, words


def _without_head(dated: list[Dated], left_out: list[str]) -> list[Dated]:
    """The table without its header row."""
    first_date, first_cells = dated[0]
    if first_date is None and not any(cell.urls for cell in first_cells):
        left_out.append(_line(first_cells))
        return dated[1:]
    return dated


def _joined(dated: list[Dated], left_out: list[str]) -> list[Dated]:
    """Join lines without a date to the event above them; leave out a heading above the first.

    In a list with one event per line, a line of several parts is an event without a date.
    """
    is_one_per_line = all(any(cell.text for cell in cells) for when, cells in dated if when)
    joined: list[Dated] = []
    for when, cells in dated:
        if when or (joined and is_one_per_line and len(cells) > 1):
            joined.append((when, cells))
        elif joined:
            above, cells_above = joined[-1]
            joined[-1] = (above, [*cells_above, *cells])
        else:
            left_out.append(_line(cells))
    return joined


def _line(cells: Iterable[Cell]) -> str:
    return " – ".join(cell.text for cell in cells if cell.text)


def _event(when: WrittenDate | None, cells: list[Cell]) -> PastedBlock:
    notes = [] if when else [_("No date found. Enter it after adding.")]
    texts = [cell.text for cell in cells if cell.text]
    title = texts[0] if texts else ""
    if not title:
        notes.append(_("No title found. Enter it after adding."))
    if len(title) > TITLE_LENGTH:
        # The details start with the full title.
        texts.insert(0, title)
        notes.append(_("The title was shortened. The details have it in full."))
    urls = valid_urls([url for cell in cells for url in cell.urls], notes)
    return PastedBlock(
        {
            "date": when.day if when else None,
            "precision": when.precision if when else "day",
            "title": shortened(title, TITLE_LENGTH),
            "text": _details(texts[1:], urls[1:]),
            "source": urls[0] if urls else "",
        },
        notes,
    )


def _details(texts: list[str], urls: list[str]) -> str:
    """Rich text of the paragraphs, then links to ``urls``."""
    paragraphs = format_html_join("", "<p>{}</p>", ((text,) for text in texts))
    links = format_html_join("", '<p><a href="{}">{}</a></p>', ((url, url) for url in urls))
    return format_html("{}{}", paragraphs, links)
