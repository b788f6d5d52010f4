"""Count the signatures of a selection, from counters if possible, for all of the admin."""

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet, Sum

from wagtail_petition.access.permissions import limit
from wagtail_petition.access.petitions import User
from wagtail_petition.access.selection import Selection
from wagtail_petition.clock import utc_date
from wagtail_petition.models import HomeTally, Signature, Tally

# Rows are counted up to this number. Larger counts are shown as "more than 100,000".
MOST = 100_000
# The filters that tallies can answer, and those that tallies by where people vote can.
TALLIED = {"country", "language", "source", "origin", "counted"}
HOME_TALLIED = {"country", "home_region"}


class Count(NamedTuple):
    """A number of signatures. With ``is_more``, there are more than ``number``."""

    number: int
    is_more: bool = False


def count(selection: Selection) -> Count:
    """The number of selected signatures, counted up to ``MOST``."""
    number = known(selection)
    return bounded(selection.queryset) if number is None else Count(number)


def bounded(queryset: QuerySet[Signature], most: int | None = None) -> Count:
    """The number of rows of ``queryset``, counted up to ``most``, by default ``MOST``."""
    most = MOST if most is None else most
    number = queryset.order_by()[: most + 1].count()
    return Count(min(number, most), number > most)


def get_messages(user: User, state: str) -> QuerySet[Signature]:
    """The confirmed signatures with a message in ``state``, of petitions that ``user`` may edit."""
    confirmed = Signature.objects.filter(status=Signature.Status.CONFIRMED, message_state=state)
    return limit(confirmed.exclude(message=""), user)


def by_status(selection: Selection) -> dict[str, Count]:
    """The number of signatures for each status, and for all under "".

    The selection's own filter by status is ignored.
    """
    counts = {status: count(selection.with_status(status)) for status in Signature.Status.values}
    return {
        **counts,
        "": Count(
            sum(each.number for each in counts.values()),
            any(each.is_more for each in counts.values()),
        ),
    }


def known(selection: Selection) -> int | None:
    """The number of selected signatures if counters hold it, else None."""
    if not selection.is_valid:
        return 0
    asked = dict(selection.asked)
    asked.pop("petition", None)
    if selection.words or asked.pop("status", None) != Signature.Status.CONFIRMED:
        return None
    if not asked:
        total = selection.petitions.aggregate(total=Sum("signature_count"))["total"]
    elif asked.keys() <= TALLIED:
        days = asked.pop("counted", None)
        total = _sum(Tally, selection, **asked, **(_days(days) if days else {}))
    elif asked.keys() <= HOME_TALLIED:
        total = _sum(HomeTally, selection, **asked)
    else:
        return None
    return total or 0


def _sum(model, selection, **lookups):
    tallies = model.objects.filter(petition__in=selection.petitions.order_by().values("pk"))
    return tallies.filter(**lookups).aggregate(total=Sum("count"))["total"]


def _days(days: slice) -> dict[str, date]:
    """The lookups on tallies for a range of UTC days, given as a slice of datetimes."""
    first, last = days.start and utc_date(days.start), days.stop and utc_date(days.stop)
    return {name: day for name, day in (("day__gte", first), ("day__lte", last)) if day}
