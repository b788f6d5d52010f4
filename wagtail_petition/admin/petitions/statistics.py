"""The figures of the overview, the dashboard and the panels.

They are as fast with six million signatures as with five hundred: each comes from a counter or
from tallies, or reads a limited number of rows with an index.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import median

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from wagtail_petition.access import counting
from wagtail_petition.clock import utc_date, utc_midnight
from wagtail_petition.models import OutgoingEmail, Signature, Tally
from wagtail_petition.models.progress import LADDER, Progress
from wagtail_petition.moderation.sampling import newest

Status, State = Signature.Status, OutgoingEmail.State

# How many of the newest signatures ``Health`` is computed from.
SAMPLE = 1_000
# How many of the newest signatures are searched for them, since imported ones are skipped.
SEARCHED = 10_000
# Emails that are due for longer are a problem, since the worker checks at least every minute.
LATE = timedelta(minutes=10)
# Milestones further away aren't predicted.
FARTHEST = timedelta(days=365)
# A chart shows at least this many days.
FEWEST_DAYS = 14


class RowCount(Subquery):
    """The number of rows of a queryset."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def bounded_count(queryset, most):
    """The number of rows of ``queryset`` as an expression, counted up to ``most`` + 1.

    Whether there are more is asked first: a database skips rows in a third of the time that it
    takes to count them.
    """
    rows = queryset.order_by().values("pk")
    return Case(When(Exists(rows[most : most + 1]), then=Value(most + 1)), default=RowCount(rows))


def with_figures(petitions):
    """Annotate a queryset of petitions with their figures.

    ``last_day`` (confirmed since ``day_ago``) and ``waiting`` (unconfirmed signatures) are exact
    up to ``counting.MOST``; more is more than that. ``last_week`` is the sum of the tallies of
    seven days, including today.
    """
    # To the minute, so that a link to the list can hold the same moment.
    day_ago = timezone.now().replace(second=0, microsecond=0) - timedelta(days=1)
    midnight = utc_midnight(timezone.now())
    signatures = Signature.objects.filter(petition=OuterRef("pk"))
    # Only yesterday's are counted one by one: a tally holds today's.
    yesterday = signatures.filter(
        status=Status.CONFIRMED, confirmed_at__gte=day_ago, confirmed_at__lt=midnight
    )
    return petitions.annotate(
        last_day=bounded_count(yesterday, counting.MOST) + _tallied(today()),
        day_ago=Value(day_ago, DateTimeField()),
        last_week=_tallied(today() - timedelta(days=6)),
        waiting=bounded_count(signatures.filter(status=Status.UNCONFIRMED), counting.MOST),
    )


def with_pending_messages(petitions):
    """Annotate ``pending_messages``, counted up to ``counting.MOST`` + 1."""
    pending = Signature.objects.filter(
        petition=OuterRef("pk"),
        status=Status.CONFIRMED,
        message_state=Signature.MessageState.PENDING,
    ).exclude(message="")
    return petitions.annotate(pending_messages=bounded_count(pending, counting.MOST))


def _tallied(first):
    """The confirmed signatures of a petition in an outer query since the UTC day ``first``."""
    tallies = Tally.objects.filter(petition=OuterRef("pk"), day__gte=first)
    sums = tallies.order_by().values("petition").values(sum=Sum("count"))
    return Coalesce(Subquery(sums), 0)


def today():
    """Today's date in UTC, as in tallies."""
    return utc_date(timezone.now())


@dataclass(frozen=True)
class Milestone:
    """A number of confirmed signatures, and the UTC day on which it was reached.

    With ``is_expected``, the day is a prediction at the pace of the last seven days.
    """

    number: int
    day: date
    is_expected: bool = False


def milestones(petition, last_week, counts):
    """The automatic goals that the petition has reached, and the next one, if it is predictable.

    ``counts`` comes from ``daily``. The next goal is left out if it is over ``FARTHEST`` away.
    """
    found, total = [], 0
    steps = iter(LADDER)
    step = next(steps)
    for day, count in counts.items():
        total += count
        while step and total >= step:
            found.append(Milestone(step, day))
            step = next(steps, None)
    goal = Progress(petition.signature_count, petition.goal).goal
    if last_week > 0 and petition.signature_count:
        missing = goal - petition.signature_count
        weeks = missing / last_week
        if weeks <= FARTHEST / timedelta(days=7):
            found.append(Milestone(goal, today() + timedelta(days=ceil(7 * weeks)), True))
    return found


@dataclass(frozen=True)
class Health:
    """Figures on confirmations and emails of the newest signatures."""

    attempts: int
    confirm_rate: float | None  # of those signed more than an hour ago, imports left out
    median_time: timedelta | None
    sent: int
    due: int
    is_late: bool  # some have been due for longer than ``LATE``
    failed: int
    dropped: int
    last_error: str


def health(petition):
    """The ``Health`` of the newest ``SAMPLE`` signatures of ``petition``, without imported ones.

    Searches the newest ``SEARCHED`` signatures only, since millions may have been imported.
    """
    now = timezone.now()
    recent, _number = newest(Signature.objects.filter(petition=petition), SEARCHED)
    # Imported signatures have equal dates: they weren't confirmed by email.
    attempts = recent.exclude(confirmed_at=F("signed_at")).order_by("-signed_at")
    rows = list(attempts.values_list("pk", "signed_at", "confirmed_at")[:SAMPLE])
    settled = [row for row in rows if row[2] or row[1] < now - timedelta(hours=1)]
    times = [confirmed_at - signed_at for _pk, signed_at, confirmed_at in rows if confirmed_at]
    mails = OutgoingEmail.objects.filter(signature__in=[row[0] for row in rows]).order_by()
    states = Counter(dict(mails.values_list("state").annotate(Count("pk"))))
    failed = mails.filter(state=State.FAILED).order_by("-pk")
    # Only due emails can be late. Reminders are queued for a later day.
    due = mails.filter(state=State.DUE, due_at__lte=now) if states[State.DUE] else mails.none()
    due_since = list(due.values_list("due_at", flat=True))
    return Health(
        attempts=len(rows),
        confirm_rate=len(times) / len(settled) if settled else None,
        median_time=median(times) if times else None,
        sent=states[State.SENT],
        due=len(due_since),
        is_late=min(due_since, default=now) < now - LATE,
        failed=states[State.FAILED],
        dropped=states[State.DROPPED],
        last_error=failed.values_list("last_error", flat=True).first() or "",
    )


@dataclass(frozen=True)
class Span:
    """The days that a dashboard shows, including first and last."""

    first: date
    last: date

    @property
    def days(self):
        """The number of days."""
        return (self.last - self.first).days + 1


def daily(petition):
    """Confirmed signatures per day, without days that have none: {day: count}, in order."""
    return dict(petition.tallies.order_by("day").values_list("day").annotate(Sum("count")))


def span(petition, days=None, counts=None):
    """The span of the last ``days``, or with None since the first signature.

    At least ``FEWEST_DAYS``. ``counts`` comes from ``daily`` and saves its query.
    """
    last = today()
    first = next(iter(daily(petition) if counts is None else counts), last)
    if days is not None:
        first = max(first, last - timedelta(days=days - 1))
    return Span(min(first, last - timedelta(days=FEWEST_DAYS - 1)), last)


def per_day(petition, span, counts=None):
    """Confirmed signatures per day of ``span``: (day, count) pairs, including days with none."""
    counts = daily(petition) if counts is None else counts
    days = (span.first + timedelta(days=n) for n in range(span.days))
    return [(day, counts.get(day, 0)) for day in days]


def breakdown(petition, span, field):
    """Confirmed signatures of ``span`` by ``field``: (value, count) pairs, most first.

    ``field`` is "country", "language", "source" or "origin".
    """
    sums = _tallies(petition, span).values_list(field).annotate(sum=Sum("count"))
    return list(sums.filter(sum__gt=0).order_by("-sum", field))


def _tallies(petition, span):
    return petition.tallies.filter(day__range=(span.first, span.last)).order_by()
