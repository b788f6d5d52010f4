"""Take the next queued emails: by priority, within the hourly limits, under a lease.

Any number of workers may take emails at the same time. A lease moves ``due_at`` into the future,
so that no other worker takes the email. If the worker dies, the email is due again when the lease
ends.
"""

import secrets
from collections import Counter
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from wagtail_petition.conf import settings
from wagtail_petition.models.email import OutgoingEmail

Priority, State = OutgoingEmail.Priority, OutgoingEmail.State

LEASE = timedelta(minutes=10)
# Updates use at most this share of the hourly limits. The rest is for people who sign meanwhile.
SHARE_OF_UPDATES = 0.8
# The petition of an email, whether it is to a signer or not.
PETITION = Coalesce("petition", "signature__petition")
IN_ORDER = ("priority", "due_at", "pk")


def take(size: int) -> list[OutgoingEmail]:
    """Lease at most ``size`` due emails; fewer if an hourly limit is reached."""
    now = timezone.now()
    due = OutgoingEmail.objects.filter(state=State.DUE, due_at__lte=now)
    lease = secrets.token_hex(16)
    with transaction.atomic():
        if settings.MAILS_PER_HOUR is None and settings.MAILS_PER_PETITION_PER_HOUR is None:
            chosen = _next(due, size)
        else:
            chosen = _next_within_limits(due, size, now)
        # Filtered again, so that of two workers that chose the same email one gets it.
        due.filter(pk__in=chosen).update(
            lease=lease, due_at=now + LEASE, attempts=F("attempts") + 1
        )
    taken = OutgoingEmail.objects.filter(lease=lease).select_related(
        "signature__petition", "petition", "update"
    )
    return list(taken.order_by(*IN_ORDER))


def _next(due: QuerySet[OutgoingEmail], size: int) -> list[int]:
    """The ids of the next ``size`` due emails that no other worker has locked."""
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    chosen: list[int] = []
    # One query per priority. Each reads a few index entries, however many emails are postponed.
    for priority in Priority.values:
        if len(chosen) < size:
            oldest = due.filter(priority=priority).order_by("due_at", "pk")
            chosen += oldest.values_list("pk", flat=True)[: size - len(chosen)]
    return chosen


def _next_within_limits(due: QuerySet[OutgoingEmail], size: int, now: datetime) -> list[int]:
    """The ids of the next due emails within the hourly limits, alternating between petitions.

    A petition's k-th email of the hour comes before the (k+1)-th of any other petition. So many
    attempts to sign one petition don't delay the emails of another.
    """
    spent = _spent_within_an_hour(now)
    if settings.MAILS_PER_HOUR is not None:
        size = min(size, settings.MAILS_PER_HOUR - spent.total())
    if size <= 0:
        return []
    ahead = Window(
        RowNumber(),
        partition_by=PETITION,
        order_by=[F(name).asc() for name in IN_ORDER],
    )
    fronts = due.annotate(about=PETITION, place=ahead).filter(place__lte=size)
    most = settings.MAILS_PER_PETITION_PER_HOUR
    turns = []
    for petition, place, priority, due_at, pk in fronts.values_list("about", "place", *IN_ORDER):
        turn = spent[petition] + place
        limit = share_of_updates(most) if most and priority == Priority.UPDATE else most
        if limit is None or turn <= limit:
            is_urgent = priority <= Priority.RECEIPT
            turns.append((not is_urgent, turn, priority, due_at, pk))
    left = size
    if settings.MAILS_PER_HOUR is not None:
        left = share_of_updates(settings.MAILS_PER_HOUR) - spent.total()
    chosen: list[int] = []
    for *_order, priority, _due_at, pk in sorted(turns):
        if len(chosen) < (left if priority == Priority.UPDATE else size):
            chosen.append(pk)
    return chosen


def share_of_updates(limit: int) -> int:
    """How many emails of an hourly ``limit`` may be updates, at least one."""
    return max(1, int(limit * SHARE_OF_UPDATES))


def _spent_within_an_hour(now: datetime) -> Counter[int]:
    """How many emails each petition sent within the last hour or is sending: {id: number}."""
    spent = OutgoingEmail.objects.filter(
        Q(sent_at__gt=now - timedelta(hours=1)) | Q(state=State.DUE, due_at__gt=now) & ~Q(lease="")
    )
    by_petition = spent.order_by().values_list(PETITION).annotate(Count("pk"))
    return Counter(dict(by_petition))
