"""Importing a file: checked first, then recorded in batches, and taken out again.

Any number of workers may call ``work_off``. A file is imported by one of them under a lease. How
far it has come is written with the signatures, so one that is killed is taken up where it stopped.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from wagtail_petition import ledger
from wagtail_petition.access.permissions import can
from wagtail_petition.background import leases
from wagtail_petition.background.dispatch import dispatch, throttled
from wagtail_petition.models.import_batch import ImportBatch

from . import batches, suppression
from .processing import BATCH, Check, LeaseLost, go_through, renew, waiting
from .reading import Unreadable

logger = logging.getLogger("wagtail_petition.imports")

State, Mode = ImportBatch.State, ImportBatch.Mode


def check(batch: ImportBatch) -> Check:
    """Go through the batch's file and write nothing but the counts. Raises Unreadable."""
    with batches.opened(batch) as (file, folder):
        checked = go_through(batch, file, folder)
    ImportBatch.objects.filter(pk=batch.pk).update(counts=checked.as_data())
    batch.counts = checked.as_data()
    return checked


def start_check(batch: ImportBatch) -> None:
    """Have the batch checked in the background; it is a draft again once its counts are there."""
    _begin(batch, [State.DRAFT], State.CHECKING)


def start(batch: ImportBatch) -> bool:
    """Have the batch imported in the background, or go on with one that failed.

    Returns whether it was a draft or had failed.
    """
    changes = {"counts": {}} if batch.position == 0 else {}
    return _begin(batch, [State.DRAFT, State.FAILED], State.RUNNING, **changes)


def start_revert(batch: ImportBatch, user=None) -> bool:
    """Have all of the batch taken out again. Returns whether it could be.

    Raises ``ledger.NotRevertible`` if some of it is in a delivery.
    """
    _refuse_delivered(batch)
    return _begin(batch, [State.DONE, State.FAILED], State.REVERTING, reverted_by=user)


def _begin(batch: ImportBatch, before: list[str], after: str, **changes: Any) -> bool:
    with transaction.atomic():
        begun = ImportBatch.objects.filter(pk=batch.pk, state__in=before).update(
            **{"state": after, "lease": "", "leased_until": None, "error": "", **changes}
        )
        transaction.on_commit(partial(dispatch, work_off))
    batch.refresh_from_db()
    return bool(begun)


def import_now(batch: ImportBatch) -> Check:
    """Import a draft here and now; if this is interrupted, a worker goes on with it.

    ``batch`` has its state and its error afterwards.
    """
    return _now(batch, [State.DRAFT, State.FAILED], State.RUNNING, _import) or Check()


def revert_now(batch: ImportBatch) -> int | None:
    """Take a batch out here and now. Returns how many counted; None if it can't be in its state.

    Raises ``ledger.NotRevertible``.
    """
    _refuse_delivered(batch)
    return _now(batch, [State.DONE, State.FAILED], State.REVERTING, _revert)


def _now(batch: ImportBatch, before: list[str], after: str, work: Callable) -> Any:
    begun = ImportBatch.objects.filter(pk=batch.pk, state__in=before).update(
        state=after, error="", leased_until=None
    )
    taken = begun and leases.take(waiting().filter(pk=batch.pk))
    if not taken:
        return None
    try:
        return work(taken)
    except (Unreadable, ledger.NotRevertible) as error:
        _fail(taken, str(error))
        raise
    finally:
        batch.refresh_from_db()


def work_off() -> None:
    """Check, import and take out again whatever waits for it."""
    while batch := leases.take(waiting().select_related("user", "petition", "signed_text")):
        work = {State.RUNNING: _import, State.REVERTING: _revert, State.CHECKING: _check}
        try:
            work[State(batch.state)](batch)
        except (ledger.ImportLost, LeaseLost):
            logger.info("Import %s was stopped, or is done by another worker", batch.pk)
        except (Unreadable, ledger.NotRevertible) as error:
            _fail(batch, str(error))
        except FileNotFoundError:
            _fail(batch, _("The file was deleted, because its time was over. Choose it again."))
        except Exception as error:
            # Whoever waits reads it in the admin; whoever runs the worker in the log.
            logger.exception("Import %s could not be done", batch.pk)
            _fail(batch, type(error).__name__)


def _settle(batch: ImportBatch, state: str, **changes: Any) -> None:
    settled = {"state": state, "lease": "", "leased_until": None, **changes}
    if not leases.held(waiting(), batch).update(**settled):
        raise LeaseLost
    for name, value in settled.items():
        setattr(batch, name, value)


def _fail(batch: ImportBatch, error: str) -> None:
    # What was recorded stays: it can be gone on with, or taken out again.
    ended = {State.REVERTING: State.DONE, State.CHECKING: State.DRAFT}
    state = ended.get(State(batch.state), State.FAILED)
    leases.held(waiting(), batch).update(state=state, error=error, lease="", leased_until=None)


def _check(batch: ImportBatch) -> None:
    with batches.opened(batch) as (file, folder):
        checked = go_through(batch, file, folder)
    _settle(batch, State.DRAFT, counts=checked.as_data())


def _import(batch: ImportBatch) -> Check:
    # The rights of now, not those of when it was asked for.
    if batch.user is not None and not can(batch.user, "import", batch.petition):
        raise Unreadable(_("You may no longer import signatures of this petition."))
    with batches.opened(batch) as (file, folder):
        checked = go_through(batch, file, folder, writes=True)
    with transaction.atomic():
        _settle(batch, State.DONE, counts=checked.as_data(), done_at=timezone.now())
        _log(batch, "wagtail_petition.import", rows=checked.rows, count=checked.counts["new"])
    return checked


def _log(batch: ImportBatch, action: str, user=None, **data: Any) -> None:
    log(
        batch.petition,
        action,
        user=user or batch.user,
        data={
            **data,
            "import": batch.pk,
            "sha256": batch.sha256,
            "preset": batch.preset,
            "mode": batch.mode,
        },
    )


def _revert(batch: ImportBatch) -> int:
    reverted = suppression.revert(batch) if batch.mode == Mode.NO_EMAILS else 0
    pks = partial(_next_pks, batch)
    for chunk in throttled(iter(pks, [])):
        with transaction.atomic():
            ledger.lock(batch.petition_id)
            _refuse_delivered(batch, chunk)
            reverted += ledger.revert_import(batch, chunk)
            renew(batch)
    with transaction.atomic():
        _settle(batch, State.REVERTED, reverted_at=timezone.now())
        _log(batch, "wagtail_petition.revert_import", user=batch.reverted_by, count=reverted)
    return reverted


def _next_pks(batch: ImportBatch) -> list[int]:
    found = ledger.revertible(batch).order_by("pk")
    return list(found.values_list("pk", flat=True)[:BATCH])


def _refuse_delivered(batch: ImportBatch, pks: list[int] | None = None) -> None:
    """Raises NotRevertible if a delivery holds some of it, or is about to."""
    found = ledger.revertible(batch).exclude(number=None)
    if pks is not None:
        found = found.filter(pk__in=pks)
    if recipient := batches.find_delivery(batch.petition_id, found):
        raise ledger.NotRevertible(
            _(
                "Some of these signatures are in the delivery to %(recipient)s. Cancel it first, if "
                "it was not delivered yet."
            )
            % {"recipient": recipient}
        )
