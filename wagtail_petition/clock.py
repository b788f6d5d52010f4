"""Moments in the active time zone, on sites with time zones (``USE_TZ``) and without."""

from datetime import UTC, date, datetime

from django.conf import settings
from django.utils import timezone


def local_time(moment: datetime) -> datetime:
    """``moment`` in the current time zone; as it is where moments carry no zone."""
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def local_date() -> date:
    """Today in the current time zone."""
    return local_time(timezone.now()).date()


def utc_date(moment: datetime) -> date:
    """The day of ``moment`` in UTC; the site's own day where moments carry no zone."""
    return moment.astimezone(UTC).date() if timezone.is_aware(moment) else moment.date()


def epoch() -> datetime:
    """The first moment that Unix counts from, comparable with what the database returns."""
    return datetime(1970, 1, 1, tzinfo=UTC if settings.USE_TZ else None)


def moment_at(timestamp: float) -> datetime:
    """The moment so many seconds after the epoch, as the database takes it."""
    return datetime.fromtimestamp(timestamp, UTC if settings.USE_TZ else None)
