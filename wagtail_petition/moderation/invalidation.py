"""Invalidate signatures by rule, and undo it, in batches in the background.

Any number of workers may take part: a worker skips its batch if another has moved the
invalidation's ``position``.
"""

from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet
from wagtail.log_actions import log

from wagtail_petition import ledger
from wagtail_petition.background.dispatch import SIGNATURES_AT_ONCE, dispatch, throttled
from wagtail_petition.models import Invalidation, Signature
from wagtail_petition.moderation.sampling import newest

from .matching import condition

State, Status = Invalidation.State, Signature.Status

# How many numbers are searched for one batch.
LOOK = 10_000

# A preview searches this many of the newest signatures, and shows a sample.
PREVIEW = 50_000
SAMPLE = 10


@dataclass(frozen=True)
class Preview:
    """What a rule would invalidate: the count, a sample, and how many were searched."""

    count: int
    sample: list[Signature]
    looked_at: int

    @property
    def is_complete(self) -> bool:
        """Whether all signatures that could match were searched."""
        return self.looked_at < PREVIEW


def preview(invalidation: Invalidation) -> Preview:
    """The ``Preview`` of an unsaved invalidation, of the newest signatures within its dates."""
    signatures = Signature.objects.filter(petition=invalidation.petition)
    if invalidation.signed_from:
        signatures = signatures.filter(signed_at__gte=invalidation.signed_from)
    if invalidation.signed_until:
        signatures = signatures.filter(signed_at__lte=invalidation.signed_until)
    looked_at, number = newest(signatures, PREVIEW)
    found = looked_at.filter(condition(invalidation), status=Status.CONFIRMED)
    return Preview(found.count(), list(found.order_by("-signed_at")[:SAMPLE]), number)


def _matching(petition, asked):
    return Signature.objects.filter(asked, petition=petition, status=Status.CONFIRMED)


# An organiser's actions


def start(invalidation: Invalidation) -> None:
    """Save an invalidation and start it. It applies to the numbers given so far."""
    with transaction.atomic():
        invalidation.until = invalidation.petition.last_number
        invalidation.save()
        _log(invalidation, "wagtail_petition.invalidate_by_rule")
        transaction.on_commit(partial(dispatch, work_off))


def stop(invalidation: Invalidation) -> bool:
    """Stop after the current batch. Finished batches stay. Returns whether it was running."""
    return _set_state(invalidation, [State.RUNNING, State.REVERSING], State.STOPPED)


def resume(invalidation: Invalidation) -> bool:
    """Continue a stopped invalidation. Returns whether it was stopped."""
    return _set_state(invalidation, [State.STOPPED], State.RUNNING)


def undo(invalidation: Invalidation) -> bool:
    """Start restoring the signatures that are still invalidated by it.

    Returns False if it was already being restored, or has been.
    """
    begun = _set_state(invalidation, [State.STOPPED, State.DONE, State.RUNNING], State.REVERSING)
    if begun:
        _log(invalidation, "wagtail_petition.restore_by_rule")
    return begun


def _set_state(invalidation, before, after):
    with transaction.atomic():
        changed = Invalidation.objects.filter(pk=invalidation.pk, state__in=before).update(
            state=after
        )
        if changed and after != State.STOPPED:
            transaction.on_commit(partial(dispatch, work_off))
    return bool(changed)


def _log(invalidation, action):
    # The names of the rule's fields without their values, which may be personal data.
    log(
        invalidation.petition,
        action,
        data={
            "invalidation": invalidation.pk,
            "rule": sorted(invalidation.rule),
            "reason": invalidation.reason,
            "numbers": invalidation.until,
        },
    )


# The worker


def work_off() -> int:
    """Finish all running invalidations. Returns how many there were."""
    left = list(
        Invalidation.objects.filter(state__in=[State.RUNNING, State.REVERSING]).values_list(
            "pk", flat=True
        )
    )
    for pk in left:
        work(pk)
    return len(left)


def work(pk: int) -> None:
    """Do the batches of one invalidation until it is finished or stopped."""
    invalidation = Invalidation.objects.select_related("petition").get(pk=pk)
    matching = _matching(invalidation.petition, condition(invalidation))
    for _batch in throttled(_while_at_work(invalidation)):
        if invalidation.state == State.RUNNING:
            _invalidate_batch(invalidation, matching)
        else:
            _restore_batch(invalidation)


def _while_at_work(invalidation):
    while invalidation.is_at_work:
        yield invalidation
        invalidation.refresh_from_db(fields=["state", "position"])


def _invalidate_batch(invalidation, matching):
    top = min(invalidation.position + LOOK, invalidation.until)
    window = matching.filter(number__gt=invalidation.position, number__lte=top)
    batch = list(window.order_by("number").values_list("pk", "number")[:SIGNATURES_AT_ONCE])
    if len(batch) == SIGNATURES_AT_ONCE:
        top = batch[-1][1]
    with transaction.atomic():
        moved = Invalidation.objects.filter(
            pk=invalidation.pk, state=State.RUNNING, position=invalidation.position
        ).update(position=top, state=State.DONE if top == invalidation.until else State.RUNNING)
        if moved:
            pks = [pk for pk, _number in batch]
            done = ledger.invalidate(pks, petition=invalidation.petition, invalidation=invalidation)
            Invalidation.objects.filter(pk=invalidation.pk).update(count=F("count") + done)


def _restore_batch(invalidation):
    # Erased signatures aren't restored.
    pks = list(
        still_invalidated(invalidation)
        .order_by("pk")
        .values_list("pk", flat=True)[:SIGNATURES_AT_ONCE]
    )
    ledger.restore(pks, petition=invalidation.petition)
    if not pks:
        Invalidation.objects.filter(pk=invalidation.pk, state=State.REVERSING).update(
            state=State.REVERSED
        )


def still_invalidated(invalidation: Invalidation) -> QuerySet[Signature]:
    """The signatures that it invalidated and that can still be restored."""
    invalidated = invalidation.signatures.filter(status=Status.INVALIDATED)
    return invalidated.exclude(email_key=None, name_key="", anonymised_at=None)
