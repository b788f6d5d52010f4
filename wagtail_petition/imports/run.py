"""Check, import and revert files, in batches.

Any number of workers may call ``work_off``; one of them imports each file under a lease. Its
progress is stored with the signatures, so another worker can continue if it dies.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from wagtail_petition import ledger
from wagtail_petition.access.permissions import can
from wagtail_petition.access.petitions import User
from wagtail_petition.background import leases
from wagtail_petition.background.dispatch import SIGNATURES_AT_ONCE, dispatch, throttled
from wagtail_petition.background.failures import explain
from wagtail_petition.models.import_batch import ImportBatch

from . import batches, suppression
from .processing import Check, LeaseLost, go_through, renew, waiting
from .reading import Layout, Unreadable

logger = logging.getLogger("wagtail_petition.imports")

State, Mode = ImportBatch.State, ImportBatch.Mode


def check(batch: ImportBatch) -> Check:
    """Check the batch's file and store the counts only. Raises ``Unreadable``."""
    with batches.opened(batch) as (file, folder):
        checked = go_through(batch, file, folder)
    ImportBatch.objects.filter(pk=batch.pk).update(counts=checked.as_data())
    batch.counts = checked.as_data()
    return checked


def start_check(batch: ImportBatch) -> None:
    """Start a check in the background. Afterwards the batch is a draft again, with counts."""
    _begin(batch, [State.DRAFT], State.CHECKING)


def start(batch: ImportBatch, user: User | None = None) -> bool:
    """Start importing in the background, or continue a failed import.

    ``user`` is recorded as the importer, by default whoever chose the file. Returns False if
    the batch is neither a draft nor failed.
    """
    changes = _afresh(batch)
    if user is not None:
        changes["user"] = user
    return _begin(batch, [State.DRAFT, State.FAILED], State.RUNNING, **changes)


def _afresh(batch: ImportBatch) -> dict[str, Any]:
    """What to change before an import begins: it counts anew, and not on from its check."""
    return {"counts": {}} if batch.position == 0 else {}


def start_revert(batch: ImportBatch, user=None) -> bool:
    """Start reverting the batch in the background. Returns False if its state doesn't allow it.

    Raises ``ledger.NotRevertible`` if some of its signatures are in a delivery.
    """
    refuse_delivered(batch)
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
    """Import a draft at once. If this is interrupted, a worker continues.

    Updates the state and error of ``batch``.
    """
    before = [State.DRAFT, State.FAILED]
    return _now(batch, before, State.RUNNING, _import, **_afresh(batch)) or Check()


def revert_now(batch: ImportBatch) -> int | None:
    """Revert a batch at once. Returns how many counted; None if its state doesn't allow it.

    Raises ``ledger.NotRevertible``.
    """
    refuse_delivered(batch)
    return _now(batch, [State.DONE, State.FAILED], State.REVERTING, _revert)


def _now(
    batch: ImportBatch, before: Sequence[str], after: str, work: Callable, **changes: Any
) -> Any:
    begun = ImportBatch.objects.filter(pk=batch.pk, state__in=before).update(
        **{"state": after, "error": "", "leased_until": None, **changes}
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
    """Check, import and revert all waiting batches."""
    while batch := leases.take(waiting().select_related("user", "petition", "signed_text")):
        work = {State.RUNNING: _import, State.REVERTING: _revert, State.CHECKING: _check}
        try:
            work[State(batch.state)](batch)
        except (ledger.ImportLost, LeaseLost):
            logger.info("Import %s was stopped, or is done by another worker", batch.pk)
        except (Unreadable, ledger.NotRevertible) as error:
            _fail(batch, str(error))
        except FileNotFoundError:
            _fail(batch, _("The file has expired and was deleted. Add it again."))
        except Exception as error:
            # The user sees the error in the admin.
            logger.exception("Import %s could not be done", batch.pk)
            _fail(batch, explain(error))


def _settle(batch: ImportBatch, state: str, **changes: Any) -> None:
    settled = {"state": state, "lease": "", "leased_until": None, **changes}
    if not leases.held(waiting(), batch).update(**settled):
        raise LeaseLost
    for name, value in settled.items():
        setattr(batch, name, value)


def _fail(batch: ImportBatch, error: str) -> None:
    # Recorded signatures stay: the import can be continued or reverted.
    ended = {State.REVERTING: State.DONE, State.CHECKING: State.DRAFT}
    state = ended.get(State(batch.state), State.FAILED)
    leases.held(waiting(), batch).update(state=state, error=error, lease="", leased_until=None)


def _check(batch: ImportBatch) -> None:
    # The report has all possible duplicates, so that ticked ones can still be unticked.
    batch.ticked = []
    with batches.opened(batch) as (file, folder):
        checked = go_through(batch, file, folder)
    if checked.warnings["columns"]:
        batches.look_into(batch, Layout(**batch.layout))
    _settle(batch, State.DRAFT, counts=checked.as_data())


def _import(batch: ImportBatch) -> Check:
    # Checked again, since the user's permissions may have changed.
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
            refuse_delivered(batch, chunk)
            reverted += ledger.revert_import(batch, chunk)
            renew(batch)
    with transaction.atomic():
        _settle(batch, State.REVERTED, reverted_at=timezone.now())
        _log(batch, "wagtail_petition.revert_import", user=batch.reverted_by, count=reverted)
    return reverted


def _next_pks(batch: ImportBatch) -> list[int]:
    found = ledger.revertible(batch).order_by("pk")
    return list(found.values_list("pk", flat=True)[:SIGNATURES_AT_ONCE])


def why_not_revertible(batch: ImportBatch) -> str:
    """Why the batch can't be reverted: it is in a delivery. "" if it can."""
    try:
        refuse_delivered(batch)
    except ledger.NotRevertible as error:
        return str(error)
    return ""


def refuse_delivered(batch: ImportBatch, pks: list[int] | None = None) -> None:
    """Raise ``NotRevertible`` if a delivery holds some of its signatures, or may when built."""
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
