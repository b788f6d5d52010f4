"""Work that one worker takes at a time, and another takes up if that one dies.

For models with ``lease`` (whose it is) and ``leased_until``. The worker that holds a lease renews
it while it works; once it has run out, the work is free again.
"""

import secrets
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

LEASE = timedelta(minutes=15)


def take(waiting, **changes):
    """The first of ``waiting`` that nobody holds, now held by us and with ``changes`` made to it.

    None if there is none.
    """
    now = timezone.now()
    free = waiting.filter(Q(leased_until=None) | Q(leased_until__lte=now))
    while first := free.order_by("pk").first():
        first.lease = secrets.token_hex(16)
        held = {"lease": first.lease, "leased_until": now + LEASE}
        # Of two workers that chose the same, one gets it.
        if free.filter(pk=first.pk).update(**held, **changes):
            return first
    return None


def held(waiting, taken):
    """The row of what we took, as a queryset; empty once it is done, stopped, or somebody else's."""
    return waiting.filter(pk=taken.pk, lease=taken.lease)


def renew(waiting, taken, **changes):
    """Begin our lease anew, and make ``changes``. Returns whether it was still ours."""
    return bool(held(waiting, taken).update(leased_until=timezone.now() + LEASE, **changes))
