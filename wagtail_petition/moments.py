"""Days and moments as people read them, in the site's time zone (``TIME_ZONE``).

Not in the one that is active: that of a person in the admin says nothing about a petition.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

# A closing date without a time. No seconds, since the editor shows none.
END_OF_DAY = time(23, 59)
# Housekeeping runs once an hour: what is due late in the evening is done on the next day.
HOUSEKEEPING_INTERVAL = timedelta(hours=1)


def in_site_zone(moment: datetime) -> datetime:
    """``moment`` in the site's time zone; a naive one is taken as meant in it."""
    zone = timezone.get_default_timezone()
    if timezone.is_aware(moment):
        return timezone.localtime(moment, zone)
    return timezone.make_aware(moment, zone) if _uses_zones() else moment


def _uses_zones() -> bool:
    return timezone.is_aware(timezone.now())


def deadline(moment: datetime) -> str:
    """The end of something: the day alone if it includes that day, else with time and zone."""
    local = in_site_zone(moment)
    return day(local) if local.time() >= END_OF_DAY else day_and_time(local)


def beginning(moment: datetime) -> str:
    """The start of something: the day alone if it is the day's first moment."""
    local = in_site_zone(moment)
    return day(local) if local.time() == time.min else day_and_time(local)


def day_and_time(moment: datetime) -> str:
    """The day, the time, and the zone, for readers who live in others."""
    local = in_site_zone(moment)
    words = {"date": day(local), "time": date_format(local, "TIME_FORMAT")}
    if timezone.is_aware(local):
        return _("%(date)s, %(time)s (%(zone)s)") % {**words, "zone": local.tzname()}
    return _("%(date)s, %(time)s") % words


def iso(moment: datetime) -> str:
    """A moment for ``<time datetime>``: UTC, to the second."""
    return in_site_zone(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(moment: date) -> str:
    """A day, or the day of a moment, in the language's format."""
    local = in_site_zone(moment) if isinstance(moment, datetime) else moment
    return date_format(local, "DATE_FORMAT")


def day_of_erasure(moment: datetime) -> str:
    """The day by which what is due at ``moment`` is erased."""
    return day(moment + HOUSEKEEPING_INTERVAL)
