"""Scheduled changes: anonymise signatures, delete old data, and check the counts."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC

from django.db import transaction
from django.db.models import Count, Max
from django.db.models.functions import TruncDate
from django.utils import timezone

from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.log import PetitionLogEntry
from wagtail_petition.models.origin import Origin
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.tally import HomeTally, Tally

from .counting import CELL, HOME_CELL, lock
from .helpers import EMPTY, bump_public_version
from .link_requests import forget_link_requests
from .rules import forget_in_rules

Status = Signature.Status


def anonymise(pks: Collection[int], *, petition: Petition) -> int:
    """Erase the personal data of signatures, which keep counting. Returns how many."""
    with transaction.atomic():
        lock(petition.pk)
        found = Signature.objects.filter(petition=petition, pk__in=pks, anonymised_at=None)
        OutgoingEmail.objects.filter(signature__in=found).delete()
        PetitionLogEntry.objects.forget(pks)
        forget_in_rules(petition, found)
        forget_link_requests(petition, found)
        bump_public_version(petition.pk)
        return found.exclude(status=Status.UNCONFIRMED).update(
            anonymised_at=timezone.now(), **EMPTY
        )


def forget_attempts(pks: Collection[int]) -> int:
    """Delete unconfirmed signatures with their links and emails. Returns how many.

    Signatures that have been confirmed in the meantime stay.
    """
    with transaction.atomic():
        # They don't count, so the petition needs no lock, and others can confirm meanwhile.
        attempts = Signature.objects.filter(pk__in=pks, status=Status.UNCONFIRMED)
        locked = list(
            attempts.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
        )
        PetitionLogEntry.objects.forget(locked)
        Signature.objects.filter(pk__in=locked).delete()
    return len(locked)


def forget_networks(pks: Collection[int]) -> int:
    """Erase the network hashes of signatures. Returns how many."""
    return Signature.objects.filter(pk__in=pks).exclude(network="").update(network="")


def _named(cell: tuple) -> str:
    """The name of a tally, for people. The usual origin, our form, is left out."""
    *parts, origin = map(str, cell)
    return ", ".join([*parts, *([] if origin == Origin.WEB else [origin])])


def recount(petition: Petition, *, repair: bool = False) -> list[tuple[str, int, int]]:
    """Compare a petition's stored counts with its signatures; correct them if ``repair``.

    Returns the differences as (name, stored value, counted value).
    """
    with transaction.atomic():
        locked = lock(petition.pk)
        confirmed = Signature.objects.filter(petition=petition, status=Status.CONFIRMED)
        counted = Counter(
            {
                (row["day"], *(str(row[name]) for name in CELL[1:])): row["count"]
                for row in confirmed.order_by()
                .values(*CELL[1:], day=TruncDate("confirmed_at", tzinfo=UTC))
                .annotate(count=Count("pk"))
            }
        )
        homes = confirmed.exclude(home_region="").order_by().values_list(*HOME_CELL)
        counted_homes = Counter(
            {(home, str(country)): count for home, country, count in homes.annotate(Count("pk"))}
        )
        kept = {tuple(cell): count for *cell, count in locked.tallies.values_list(*CELL, "count")}
        kept_homes = {
            (home, country): count
            for home, country, count in locked.home_tallies.values_list(*HOME_CELL, "count")
        }
        highest = Signature.objects.filter(petition=petition).aggregate(Max("number"))
        # Numbers are never reused, so the last number may be higher than any that exists.
        last_number = max(highest["number__max"] or 0, locked.last_number)
        pairs = [
            ("signatures", locked.signature_count, counted.total()),
            ("last number", locked.last_number, last_number),
        ]
        pairs += [
            ("tally of " + _named(cell), kept.get(cell, 0), counted[cell])
            for cell in sorted(kept.keys() | counted.keys(), key=str)
        ]
        pairs += [
            (f"tally of {', '.join(cell)}", kept_homes.get(cell, 0), counted_homes[cell])
            for cell in sorted(kept_homes.keys() | counted_homes.keys())
        ]
        differences = [pair for pair in pairs if pair[1] != pair[2]]
        if repair and differences:
            locked.signature_count, locked.last_number = counted.total(), last_number
            locked.save(update_fields=["signature_count", "last_number"])
            locked.tallies.all().delete()
            Tally.objects.bulk_create(
                Tally(petition=locked, count=count, **dict(zip(CELL, cell, strict=True)))
                for cell, count in counted.items()
            )
            locked.home_tallies.all().delete()
            HomeTally.objects.bulk_create(
                HomeTally(petition=locked, count=count, **dict(zip(HOME_CELL, cell, strict=True)))
                for cell, count in counted_homes.items()
            )
    return differences
