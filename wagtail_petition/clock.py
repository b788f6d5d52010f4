"""Dates and times with ``USE_TZ`` on and off. Without it, datetimes are naive."""

from datetime import UTC, date, datetime, time

from django.conf import settings
from django.utils import timezone


def local_time(moment: datetime) -> datetime:
    """``moment`` in the current time zone, or unchanged if it is naive."""
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def local_date() -> date:
    """Today in the current time zone."""
    return local_time(timezone.now()).date()


def utc_date(moment: datetime) -> date:
    """The date of ``moment`` in UTC, or its own date if it is naive."""
    return moment.astimezone(UTC).date() if timezone.is_aware(moment) else moment.date()


def utc_midnight(moment: datetime) -> datetime:
    """The beginning of the day that ``utc_date`` returns."""
    zone = UTC if timezone.is_aware(moment) else None
    return datetime.combine(utc_date(moment), time.min, zone)


def epoch() -> datetime:
    """The Unix epoch, comparable with datetimes from the database."""
    return datetime(1970, 1, 1, tzinfo=UTC if settings.USE_TZ else None)


def moment_at(timestamp: float) -> datetime:
    """The datetime for a Unix timestamp, as the database accepts it."""
    return datetime.fromtimestamp(timestamp, UTC if settings.USE_TZ else None)
