"""Read dates as people write them, in the package's languages: a day, a month or a year."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3, MONTHS_ALT, MONTHS_AP, WEEKDAYS, WEEKDAYS_ABBR

LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "pt")
# Words and endings in dates, as in "on the 1st of May".
FILLERS = set(
    "a al am and das de del dem den der des di do el em er im in le nd o of on rd st th the".split()
)
LAST_WORD = re.compile(r"[^\w]([^\W\d_]+)$")
SHORTEST_ABBREVIATION = 3
TIME = re.compile(r"[T\s,]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([ap]\.?m\.?|z|utc)?$", re.IGNORECASE)
YEAR_FIRST = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})(?:\2(?P<day>\d{1,2}))?")
YEAR_LAST = re.compile(
    r"(?P<a>\d{1,2})\s*(?P<sign>[-/.])\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<year>\d{4}|\d{2})"
)
MONTH_AND_YEAR = re.compile(r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})")


class WrittenDate(NamedTuple):
    """A date and its precision: "day", "month" or "year"."""

    day: date
    precision: str


def read_date(text: str, *, month_first: bool = False) -> WrittenDate | None:
    """The date in ``text``, or None if it isn't a date or holds anything else.

    ``month_first`` is how to read 4/5/2018. It is ignored if only one order gives a date.
    """
    text = TIME.sub("", _folded(text).strip(" \t()[],;:.–—-"))
    try:
        return _in_numbers(text, month_first) or _in_words(text)
    except ValueError:  # The 31st of June.
        return None


def is_month_first(texts: list[str], language: str) -> bool:
    """Whether dates like 4/5/2018 in ``texts`` have the month first.

    An unambiguous date in ``texts`` decides, else ``language``.
    """
    for text in texts:
        found = YEAR_LAST.match(_folded(text).strip())
        if found and found["sign"] == "/" and (int(found["a"]) > 12) != (int(found["b"]) > 12):
            return int(found["b"]) > 12
    return language in ("en", "en-us")


def _folded(text: str) -> str:
    """``text`` in lower case, without accents, with ASCII digits."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = (c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in kept)


def _in_numbers(text: str, month_first: bool) -> WrittenDate | None:
    if found := YEAR_FIRST.fullmatch(text):
        return _written(found["year"], found["month"], found["day"])
    if found := MONTH_AND_YEAR.fullmatch(text):
        return _written(found["year"], found["month"])
    if found := YEAR_LAST.fullmatch(text):
        first, second = int(found["a"]), int(found["b"])
        # Dates with dots never have the month first.
        if second > 12 or (month_first and found["sign"] != "." and first <= 12):
            first, second = second, first
        year = found["year"] if len(found["year"]) == 4 else _century(int(found["year"]))
        return _written(year, second, first)
    return None


def _in_words(text: str) -> WrittenDate | None:
    """A year alone, or a month's name with a year and maybe a day."""
    months, numbers = [], []
    if (last := LAST_WORD.search(text)) and last[1] in FILLERS:
        return None  # The last word belongs to the following text: "6 April 2018 The".
    for token in re.findall(r"\d+|[^\W\d_]+", text):
        if token.isdecimal():
            numbers.append(token)
        elif month := _month(token):
            months.append(month)
        elif token not in FILLERS | _weekdays():
            return None
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(years) != 1 or len(months) > 1 or len(days) > len(months):
        return None
    if len(numbers) != len(years) + len(days):
        return None
    return _written(years[0], *months, *days)


def _written(year: str | int, month: str | int | None = None, day: str | int | None = None):
    """The date with these parts, or None if the year is out of range. Raises ``ValueError``."""
    if not 1000 <= int(year) < 3000:
        return None
    precision = "day" if day else "month" if month else "year"
    return WrittenDate(date(int(year), int(month or 1), int(day or 1)), precision)


def _century(year: int) -> int:
    """The year for two digits, as in spreadsheets: 30 is 1930, 29 is 2029."""
    return year + (2000 if year < 30 else 1900)


def _month(word: str) -> int | None:
    """The number of the month whose name or abbreviation ``word`` is, in any language."""
    if number := _months().get(word):
        return number
    if len(word) < SHORTEST_ABBREVIATION:
        return None
    meant = {number for name, number in _months().items() if name.startswith(word)}
    return meant.pop() if len(meant) == 1 else None


@cache
def _months() -> dict[str, int]:
    return {
        name: number
        for names in (MONTHS_3, MONTHS_AP, MONTHS_ALT, MONTHS)
        for number, translated in names.items()
        for name in _in_all_languages(translated)
    }


@cache
def _weekdays() -> set[str]:
    names = [*WEEKDAYS.values(), *WEEKDAYS_ABBR.values()]
    return {
        word for name in names for found in _in_all_languages(name) for word in found.split("-")
    }


def _in_all_languages(lazy) -> Iterator[str]:
    """Yield Django's translations of a name, folded."""
    for language in LANGUAGES:
        with translation.override(language):
            yield _folded(str(lazy)).strip(".")
