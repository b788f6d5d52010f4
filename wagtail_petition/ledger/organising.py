"""An organiser's changes: invalidate, restore, erase, show messages, mark as delivered."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.log import PetitionLogEntry
from wagtail_petition.models.moderation import Invalidation
from wagtail_petition.models.paper_count import PaperCount
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature

from .counting import lock, move_count, to_count
from .helpers import EMPTY, bump_public_version
from .link_requests import forget_link_requests
from .rules import forget_in_rules
from .tombstones import store_tombstones

Status = Signature.Status


def invalidate(
    pks: Collection[int], *, petition: Petition, invalidation: Invalidation | None = None
) -> int:
    """Invalidate confirmed signatures. Returns how many.

    They keep their data and numbers and can be restored. ``invalidation`` is the rule that
    matched them, if any.
    """
    return _move(
        petition,
        pks,
        Status.CONFIRMED,
        Status.INVALIDATED,
        -1,
        ended_at=timezone.now(),
        invalidation=invalidation,
    )


def restore(pks: Collection[int], *, petition: Petition) -> int:
    """Restore invalidated signatures, with their numbers. Returns how many."""
    return _move(
        petition,
        pks,
        Status.INVALIDATED,
        Status.CONFIRMED,
        +1,
        ended_at=None,
        invalidation=None,
    )


def set_region(pks: Collection[int], before: str, after: str) -> int:
    """Replace the region where people live, if it is still ``before``. Returns how many."""
    return Signature.objects.filter(pk__in=pks, region=before).update(region=after)


def _move(
    petition: Petition, pks: Collection[int], before: str, after: str, delta: int, **changes: Any
) -> int:
    with transaction.atomic():
        locked = lock(petition.pk)
        found = to_count(Signature.objects.filter(petition=petition, pk__in=pks, status=before))
        moved = Signature.objects.filter(pk__in=[s.pk for s in found])
        moved.update(status=after, **changes)
        move_count(locked, found, delta)
    return len(found)


def erase(pks: Collection[int], *, petition: Petition) -> int:
    """Erase signers' personal data. Returns how many of the signatures counted.

    Confirmed and invalidated signatures become withdrawn and can't be restored. Unconfirmed ones
    are deleted, including others from the same addresses. Their emails, queued or sent, are
    deleted too. No import brings these people back.
    """
    with transaction.atomic():
        locked = lock(petition.pk)
        found = Signature.objects.filter(petition=petition, pk__in=pks)
        store_tombstones(petition, found)
        kept = found.filter(status__in=[Status.CONFIRMED, Status.INVALIDATED])
        counted = to_count(found.filter(status=Status.CONFIRMED))
        attempts = Signature.objects.filter(petition=petition, status=Status.UNCONFIRMED)
        attempts.filter(
            Q(pk__in=pks) | Q(email_key__in=list(kept.values_list("email_key", flat=True)))
        ).delete()
        OutgoingEmail.objects.filter(signature__in=found).delete()
        PetitionLogEntry.objects.forget(pks)
        forget_in_rules(petition, found)
        forget_link_requests(petition, found)
        kept.update(status=Status.WITHDRAWN, ended_at=timezone.now(), **EMPTY)
        move_count(locked, counted, -1)
    return len(counted)


def set_message_state(pks: Collection[int], state: str, *, petition: Petition) -> int:
    """Set whether messages are public, as a ``Signature.MessageState``. Returns how many."""
    with transaction.atomic():
        # First, because all functions lock the petition before its signatures.
        bump_public_version(petition.pk)
        found = Signature.objects.filter(petition=petition, pk__in=pks).exclude(message="")
        return found.update(message_state=state)


def mark_delivered(numbers: Collection[int], *, petition: Petition) -> int:
    """Mark signatures as delivered. The mark is never removed. Returns how many are new."""
    with transaction.atomic():
        # Prevents a deadlock with another function that updates the same signatures.
        lock(petition.pk)
        found = Signature.objects.filter(petition=petition, number__in=numbers, delivered=False)
        return found.update(delivered=True)


def add_paper_count(
    petition: Petition,
    *,
    number: int,
    day: date,
    place: str = "",
    note: str = "",
    user: AbstractUser | None = None,
) -> PaperCount:
    """Add ``number`` signatures on paper to the public total. A negative number takes some away.

    Raises ``ValueError`` if there are fewer than that.
    """
    with transaction.atomic():
        total = lock(petition.pk).offline_count + number
        if total < 0:
            raise ValueError("There are fewer signatures on paper.")
        bump_public_version(petition.pk, offline_count=total)
        petition.offline_count = total
        return PaperCount.objects.create(
            petition=petition, number=number, day=day, place=place, note=note, user=user
        )


def set_offline_count(petition: Petition, count: int) -> None:
    """Set how many signatures were collected on paper. The public total includes them."""
    bump_public_version(petition.pk, offline_count=count)
    petition.offline_count = count
