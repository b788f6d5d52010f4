"""Read dates and times as people, forms and platforms write them."""

import functools
import re
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from datetime import time as clock_time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings as django_settings
from django.utils import dates as month_names
from django.utils import translation

from wagtail_petition.models.search import fold

TIME = (
    r"(?:(?:[T ,]+|,? at )(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[AaPp])\.?\s?[Mm]\.?)?(?:\s*(?P<zone>[A-Z]{1,5}(?![+-])"
    r"|(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?|[A-Z]\w+/\w+(?:/\w+)?))?(?:\s*\([^)]*\))?)?"
)
YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[-/.](?P<b>\d{{1,2}})[-/.](?P<c>\d{{1,2}}){TIME}")
YEAR_LAST = re.compile(
    rf"(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<year>\d{{4}}|\d{{2}}){TIME}"
)
WORDS = (
    rf"(?P<a>\d{{1,2}})\.?ª?º?(?:\s+de)?\s+(?P<month>[^\W\d]+)\.?,?(?:\s+de)?\s+(?P<year>\d{{4}}){TIME}",
    rf"(?P<a>\d{{1,2}})[-/](?P<month>[^\W\d]+)[-/](?P<year>\d{{4}}|\d{{2}}){TIME}",
    rf"(?P<month>[^\W\d]+)\.?\s+(?P<a>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){TIME}",
)
# The day of the week before a date, which is ignored.
WEEKDAY = re.compile(r"[^\W\d]+\.?,?\s+(?=\S+\s+\S)")
# ISO 8601 without hyphens.
COMPACT = re.compile(r"(?:19|20)\d{6}(?:T\d{4}(?:\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?")
IN_WORDS = [re.compile(pattern) for pattern in WORDS]
ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]|$)")
SECONDS, MILLISECONDS = re.compile(r"\d{9,10}(?:\.\d+)?"), re.compile(r"\d{12,13}")
# UTC offsets in hours of the zone names in exports.
ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "WET"), 0),
    **dict.fromkeys(("BST", "CET", "WEST", "MEZ", "IST"), 1),
    **dict.fromkeys(("CEST", "EET", "MESZ", "SAST"), 2),
    **dict.fromkeys(("EEST", "MSK"), 3),
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
    **{"AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3, "JST": 9, "AEST": 10, "AEDT": 11},
}
# Day 0 of spreadsheets, and the range of numbers that are read as days.
EPOCH, DAYS = datetime(1899, 12, 30), (36_000, 75_000)
EARLIEST, LATEST = 1900, 2100
MOST_OTHERS = 1000


class NoDate(ValueError):
    """The text isn't a date."""


class DateOrder:
    """Finds the order of day, month and year from all values of a column."""

    def __init__(self) -> None:
        self.dates = self.others = self.in_doubt = self.day_first = self.month_first = 0

    def see_all(self, cells: Collection[object]) -> None:
        """Take values into account. A column that begins with many other values holds no dates."""
        if self.dates or self.others < MOST_OTHERS:
            for cell in cells:
                self.see(cell)

    def see(self, cell: object) -> None:
        """Take a value into account."""
        if isinstance(cell, (datetime, date)):
            self.dates += 1
        elif not isinstance(cell, str) or not cell[:1].isdigit() or len(cell) > 40:
            self.others += 1
        elif found := YEAR_LAST.fullmatch(cell):
            self.dates += 1
            if int(found["a"]) > 12:
                self.day_first += 1
            elif int(found["b"]) > 12:
                self.month_first += 1
            elif found["a"] != found["b"]:
                self.in_doubt += 1
        elif ISO.match(cell) or YEAR_FIRST.fullmatch(cell) or COMPACT.fullmatch(cell):
            self.dates += 1
        else:
            self.others += 1

    @property
    def found(self) -> str:
        """ "ymd", "dmy" or "mdy"; "?" if both of the last two fit; "" if it has no dates."""
        if not self.dates or self.others > self.dates:
            return ""
        if self.day_first or self.month_first:
            return "dmy" if self.day_first >= self.month_first else "mdy"
        return "?" if self.in_doubt else "ymd"


def read_moment(cell: object, order: str, zone: tzinfo) -> tuple[datetime, bool]:
    """The aware datetime in ``cell``, and whether it is only a date.

    ``order`` ("dmy", "mdy") decides about ``3/4/2026``. ``zone`` applies if the cell names no
    zone. A date becomes noon, which is the same date in most of the world. Raises ``NoDate``.
    """
    found, is_day = _read(cell, order)
    if is_day:
        found = datetime.combine(found.date(), clock_time(12))
    moment = found if found.tzinfo else found.replace(tzinfo=zone)
    try:
        if not EARLIEST <= moment.year <= LATEST:
            raise NoDate
        return moment.astimezone(UTC), is_day
    except OverflowError as error:
        raise NoDate from error


def stored(moment: datetime) -> datetime:
    """``moment`` as the database accepts it: naive if ``USE_TZ`` is off."""
    if django_settings.USE_TZ:
        return moment
    return moment.astimezone(ZoneInfo(django_settings.TIME_ZONE)).replace(tzinfo=None)


def aware(moment: datetime) -> datetime:
    """``moment`` with a zone, even if ``USE_TZ`` is off."""
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(django_settings.TIME_ZONE))


def _read(cell: object, order: str) -> tuple[datetime, bool]:
    if isinstance(cell, datetime):
        return cell, False
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day), True
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if DAYS[0] <= cell <= DAYS[1]:
            return EPOCH + timedelta(days=cell), float(cell).is_integer()
        cell = str(int(cell)) if float(cell).is_integer() else str(cell)
    text = str(cell).strip()
    if ISO.match(text):
        try:
            return datetime.fromisoformat(text), len(text) == 10
        except ValueError:
            pass  # The zone has a name, or the day doesn't exist: both are handled below.
    if MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC), False
    if SECONDS.fullmatch(text):
        return datetime.fromtimestamp(float(text), UTC), False
    try:
        if found := YEAR_FIRST.fullmatch(text):
            return _made(found, int(found["b"]), int(found["c"]))
        if found := YEAR_LAST.fullmatch(text):
            first, second = int(found["a"]), int(found["b"])
            if order not in ("dmy", "mdy") and first <= 12 and second <= 12 and first != second:
                # It can be read in two ways, and nobody has said in which.
                raise NoDate
            is_day_first = order == "dmy" or (order != "mdy" and first > 12)
            month, day = (second, first) if is_day_first else (first, second)
            return _made(found, month, day)
        if COMPACT.fullmatch(text):
            return datetime.fromisoformat(text), len(text) == 8
        for words in (text, WEEKDAY.sub("", text, count=1)):
            for pattern in IN_WORDS:
                found = pattern.fullmatch(words)
                named = found and _months().get(fold(found["month"]))
                if found and named:
                    return _made(found, named, int(found["a"]))
    except ValueError as error:
        raise NoDate from error
    raise NoDate


def _made(found: re.Match, month: int, day: int) -> tuple[datetime, bool]:
    year = int(found["year"])
    if year < 100:
        year += 2000
    if found["hour"] is None:
        return datetime(year, month, day), True
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise NoDate
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    second = min(int(found["second"] or 0), 59)
    zone = _zone(found["zone"]) if found["zone"] else None
    return datetime(year, month, day, hour, int(found["minute"]), second, tzinfo=zone), False


def _zone(text: str) -> tzinfo:
    bare = text.strip().removeprefix("GMT").removeprefix("UTC").strip()
    if not bare:
        return UTC
    if bare[0] in "+-":
        digits = bare[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-offset if bare[0] == "-" else offset)
    if "/" in bare:
        try:
            return ZoneInfo(bare)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise NoDate from error
    if bare not in ZONES:
        raise NoDate
    return timezone(timedelta(hours=ZONES[bare]))


@functools.cache
def _months() -> dict[str, int]:
    """The names of months in the languages of the package, long and short."""
    names = {}
    for language in LANGUAGES:
        with translation.override(language):
            for table in (month_names.MONTHS, month_names.MONTHS_3, month_names.MONTHS_ALT):
                for number, name in table.items():
                    names.setdefault(fold(str(name)), number)
    return names


# The languages of files that are understood: the package's.
LANGUAGES = ("en", "it", "de", "fr", "es", "pt", "ar")
