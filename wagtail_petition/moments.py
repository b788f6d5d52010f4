"""Format dates and times in the site's time zone (``TIME_ZONE``).

Not in the active time zone, which in the admin is the user's.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# The time of a closing date without one. Without seconds, since the editor shows none.
END_OF_DAY = time(23, 59)
# How often housekeeping runs. So data due late in the evening is erased on the next day.
HOUSEKEEPING_INTERVAL = timedelta(hours=1)


def in_site_zone(moment: datetime) -> datetime:
    """``moment`` in the site's time zone. A naive datetime is taken to be in that zone."""
    zone = timezone.get_default_timezone()
    if timezone.is_aware(moment):
        return timezone.localtime(moment, zone)
    return timezone.make_aware(moment, zone) if _uses_zones() else moment


def _uses_zones() -> bool:
    return timezone.is_aware(timezone.now())


def deadline(moment: datetime) -> str:
    """The text of an end date: only the date if it includes that day, else with time and zone."""
    local = in_site_zone(moment)
    return day(local) if local.time() >= END_OF_DAY else day_and_time(local)


def beginning(moment: datetime) -> str:
    """The text of a start date: only the date if it is midnight, else with time and zone."""
    local = in_site_zone(moment)
    return day(local) if local.time() == time.min else day_and_time(local)


def day_and_time(moment: datetime) -> str:
    """The text of a date, time and zone."""
    return with_zone(in_site_zone(moment))


def with_zone(local: datetime) -> str:
    """The text of a date and time in its own zone, which is named unless ``local`` is naive."""
    words = {"date": written_date(local), "time": _formatted(local, "TIME_FORMAT")}
    if timezone.is_aware(local):
        return _("%(date)s, %(time)s (%(zone)s)") % {**words, "zone": local.tzname()}
    return _("%(date)s, %(time)s") % words


def short(local: datetime) -> str:
    """The short text of a date and time, in its own zone."""
    return _formatted(local, "SHORT_DATETIME_FORMAT")


def _formatted(local: datetime, form: str) -> str:
    """``local`` in a format with a time. "a.m." is "am": it may end a sentence, before a full stop."""
    return re.sub(r"(?<=[^\d\s])\.", "", date_format(local, form))


# Django's catalogues write the months of these languages with a capital, the languages don't.
_LOWER_CASE_MONTHS = {"it", "pt"}


def written_date(day: date, form: str = "DATE_FORMAT") -> str:
    """``day``, a date or a datetime, in a date format of the active language."""
    text = date_format(day, form)
    return text.lower() if (get_language() or "")[:2] in _LOWER_CASE_MONTHS else text


def iso(moment: datetime) -> str:
    """``moment`` for ``<time datetime>``: ISO 8601 in UTC, to the second."""
    return in_site_zone(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(moment: date) -> str:
    """A date, or the date of a datetime, in the active language's format."""
    local = in_site_zone(moment) if isinstance(moment, datetime) else moment
    return written_date(local)


def day_of_erasure(moment: datetime) -> str:
    """The date by which data due at ``moment`` is erased."""
    return day(moment + HOUSEKEEPING_INTERVAL)
