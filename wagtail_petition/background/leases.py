"""Leases, so that one worker at a time does a piece of work, and another takes over if it dies.

For models with the fields ``lease`` (a random value that identifies the holder) and
``leased_until``. The holder renews its lease while it works. Once the lease has expired, another
worker can take the work.
"""

import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

LEASE = timedelta(minutes=15)


def take(waiting, **changes):
    """Lease the first row of the queryset ``waiting`` that has no valid lease.

    Saves ``changes`` to it. Returns the instance, or None if there is no free row.
    """
    now = timezone.now()
    free = waiting.filter(Q(leased_until=None) | Q(leased_until__lte=now))
    while first := free.order_by("pk").first():
        first.lease = secrets.token_hex(16)
        first.leased_until = now + LEASE
        held = {"lease": first.lease, "leased_until": first.leased_until}
        # Filtered again, so that of two workers that chose the same row one gets it.
        if free.filter(pk=first.pk).update(**held, **changes):
            # What a worker that died has done may have been committed only now.
            first.refresh_from_db()
            return first
    return None


def held(waiting, taken):
    """The row that ``take`` returned, as a queryset. Empty once our lease or the work has ended."""
    return waiting.filter(pk=taken.pk, lease=taken.lease)


def is_held(taken):
    """Whether a worker has it now, unless it died within the last minutes."""
    return bool(taken.leased_until) and taken.leased_until > timezone.now()


def renew(waiting, taken, **changes):
    """Renew our lease and save ``changes``. Returns whether we still held it."""
    taken.leased_until = timezone.now() + LEASE
    return bool(held(waiting, taken).update(leased_until=taken.leased_until, **changes))


def is_old(taken):
    """Whether half of our lease is over. Then it should be renewed."""
    return timezone.now() > taken.leased_until - LEASE / 2
