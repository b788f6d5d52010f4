"""The numbers behind the overview, the dashboard and the panels.

They cost the same at five hundred signatures and at six million: each is read from a counter
or from tallies, or looks at so many rows at most, along an index.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import median

from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from wagtail_petition.clock import utc_date
from wagtail_petition.models import OutgoingEmail, Signature, Tally
from wagtail_petition.models.progress import LADDER, Progress
from wagtail_petition.moderation.sampling import newest

Status, State = Signature.Status, OutgoingEmail.State

# No figure counts further than this; beyond it, it reads "more than 10,000".
MOST = 10_000
# How many of the newest attempts tell how confirming and mailing go.
SAMPLE = 1_000
# Emails that wait longer than this tell of trouble: the worker looks every minute at most.
LATE = timedelta(minutes=10)
# What is farther away than this is not foretold.
FARTHEST = timedelta(days=365)
# A chart of one bar says nothing.
FEWEST_DAYS = 14


class BoundedCount(Subquery):
    """How many rows a queryset has, counted up to ``MOST`` and one more."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) bounded)"
    output_field = IntegerField()

    def __init__(self, queryset, **extra):
        super().__init__(queryset.order_by().values("pk")[: MOST + 1], **extra)


def with_figures(petitions):
    """``petitions``, a queryset, with ``last_day``, ``last_week`` and ``waiting`` on each.

    ``last_day``, ``waiting`` (attempts not confirmed) and ``pending_messages`` are bounded counts.
    ``last_week`` is the sum of seven days of tallies, today among them.
    """
    signatures = Signature.objects.filter(petition=OuterRef("pk"))
    week = (
        Tally.objects.filter(petition=OuterRef("pk"), day__gt=today() - timedelta(days=7))
        .order_by()
        .values("petition")
        .values(sum=Sum("count"))
    )
    return petitions.annotate(
        last_day=BoundedCount(
            signatures.filter(
                status=Status.CONFIRMED, confirmed_at__gt=timezone.now() - timedelta(days=1)
            )
        ),
        last_week=Coalesce(Subquery(week), 0),
        waiting=BoundedCount(signatures.filter(status=Status.UNCONFIRMED)),
        pending_messages=BoundedCount(
            signatures.filter(
                status=Status.CONFIRMED, message_state=Signature.MessageState.PENDING
            ).exclude(message="")
        ),
    )


def today():
    """The day that is tallied now: tallies count in UTC."""
    return utc_date(timezone.now())


@dataclass(frozen=True)
class Milestone:
    """A number of confirmed signatures, and the (UTC) day on which it was reached.

    ``is_expected`` says that it is still to come, at the pace of the last seven days.
    """

    number: int
    day: date
    is_expected: bool = False


def milestones(petition, last_week, counts):
    """The steps of the ladder of goals that the petition has reached, and when the next one comes.

    ``counts`` are those of ``daily``. Nothing is expected that is more than ``FARTHEST`` away.
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
    """How confirming and mailing went for the newest attempts to sign."""

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
    """The ``Health`` of the newest ``SAMPLE`` attempts to sign ``petition``.

    They are looked for among the newest ``MOST`` signatures: before these, millions may have
    been imported.
    """
    now = timezone.now()
    recent, _number = newest(Signature.objects.filter(petition=petition), MOST)
    # What was imported was never asked to confirm.
    attempts = recent.exclude(confirmed_at=F("signed_at")).order_by("-signed_at")
    rows = list(attempts.values_list("pk", "signed_at", "confirmed_at")[:SAMPLE])
    settled = [row for row in rows if row[2] or row[1] < now - timedelta(hours=1)]
    times = [confirmed_at - signed_at for _pk, signed_at, confirmed_at in rows if confirmed_at]
    mails = OutgoingEmail.objects.filter(signature__in=[row[0] for row in rows]).order_by()
    states = Counter(dict(mails.values_list("state").annotate(Count("pk"))))
    failed = mails.filter(state=State.FAILED).order_by("-pk")
    # Reminders wait for their day; what is late is what counts.
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
    """The days a dashboard shows, first and last included."""

    first: date
    last: date

    @property
    def days(self):
        """How many days."""
        return (self.last - self.first).days + 1


def daily(petition):
    """Confirmed signatures of each day that had some, in order: {day: count}."""
    return dict(petition.tallies.order_by("day").values_list("day").annotate(Sum("count")))


def span(petition, days=None, counts=None):
    """The last so many ``days``, or all: since the first signature that counts, and not less
    than ``FEWEST_DAYS``. ``counts`` are those of ``daily``, where they are known already."""
    last = today()
    first = next(iter(daily(petition) if counts is None else counts), last)
    if days is not None:
        first = max(first, last - timedelta(days=days - 1))
    return Span(min(first, last - timedelta(days=FEWEST_DAYS - 1)), last)


def per_day(petition, span, counts=None):
    """Confirmed signatures of each day of ``span``: (day, count), days without any included."""
    counts = daily(petition) if counts is None else counts
    days = (span.first + timedelta(days=n) for n in range(span.days))
    return [(day, counts.get(day, 0)) for day in days]


def breakdown(petition, span, field):
    """Confirmed signatures of ``span`` by "country", "language" or "source": (value, count),
    most first."""
    sums = _tallies(petition, span).values_list(field).annotate(sum=Sum("count"))
    return list(sums.filter(sum__gt=0).order_by("-sum", field))


def _tallies(petition, span):
    return petition.tallies.filter(day__range=(span.first, span.last)).order_by()
