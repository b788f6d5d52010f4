"""Run an action on many signatures, in batches. Large selections run in the background.

Any number of workers may take part: a worker skips its batch if another has moved ``position``.
"""

from collections import defaultdict
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import QueryDict
from wagtail.log_actions import log

from wagtail_petition.access.petitions import User
from wagtail_petition.access.selection import Selection
from wagtail_petition.background.dispatch import SIGNATURES_AT_ONCE, dispatch, throttled
from wagtail_petition.models import BulkAct, Petition
from wagtail_petition.models.signature import Signature

from .actions import BULK_ACTIONS, SignatureAction

State = BulkAct.State

BY_NAME = {action.name: action for action in BULK_ACTIONS}
# The most signatures that are done within the request.
AT_ONCE = 1000


def start(
    action: SignatureAction,
    selection: Selection,
    ids: list[int] | None,
    user: User,
    reason: str = "",
) -> BulkAct:
    """Start ``action`` on the selected signatures. Returns the ``BulkAct``.

    Up to ``AT_ONCE`` signatures are done when it returns, more are done in the background.
    """
    chosen = action.eligible(selected(selection, ids))
    with transaction.atomic():
        act = BulkAct.objects.create(
            verb=action.name,
            reason=reason,
            user=user,
            query=selection.query if ids is None else "",
            ids=ids,
            selected=describe(selection, ids),
            total=chosen.count(),
            until=chosen.aggregate(Max("pk"))["pk__max"] or 0,
        )
        if act.total > AT_ONCE:
            transaction.on_commit(partial(dispatch, work_off))
    if act.total <= AT_ONCE:
        work(act.pk)
        act.refresh_from_db()
    return act


def selected(selection: Selection, ids: list[int] | None) -> QuerySet[Signature]:
    """The selected signatures: those with ``ids``, or all that match if it is None."""
    return selection.queryset if ids is None else selection.scope.filter(pk__in=ids)


def describe(selection: Selection, ids: list[int] | None) -> dict[str, Any]:
    """The selection as plain data for the log."""
    return selection.describe() if ids is None else {"chosen": len(ids)}


def stop(act: BulkAct) -> bool:
    """Stop after the current batch. Finished batches stay. Returns whether it was running."""
    with transaction.atomic():
        stopped = BulkAct.objects.filter(pk=act.pk, state=State.RUNNING).update(state=State.STOPPED)
        if stopped:
            _record(act.pk)
    return bool(stopped)


def work_off() -> None:
    """Finish all running bulk actions."""
    for pk in BulkAct.objects.filter(state=State.RUNNING).values_list("pk", flat=True):
        work(pk)


def work(pk: int) -> None:
    """Do the batches of one bulk action until it is finished or stopped."""
    for act in throttled(_while_at_work(pk)):
        _do_batch(act)


def _while_at_work(pk):
    # Loads the user again for each batch, since permissions may have changed.
    acts = BulkAct.objects.select_related("user").filter(pk=pk)
    while (act := acts.get()).is_at_work:
        yield act


def _do_batch(act):
    action = BY_NAME[act.verb]
    batch = _next(act, action)
    with transaction.atomic():
        mine = BulkAct.objects.filter(pk=act.pk, state=State.RUNNING, position=act.position)
        if not batch:
            if mine.update(state=State.DONE):
                _record(act.pk)
            return
        if not mine.update(position=batch[-1][0]):
            return
        by_petition = defaultdict(list)
        for pk, petition in batch:
            by_petition[petition].append(pk)
        counts = BulkAct.objects.values_list("counts", flat=True).get(pk=act.pk)
        # Always in the same order, to prevent deadlocks.
        for petition in Petition.objects.filter(pk__in=by_petition).order_by("pk"):
            done = action.run(by_petition[petition.pk], petition)
            counts[str(petition.pk)] = counts.get(str(petition.pk), 0) + done
        BulkAct.objects.filter(pk=act.pk).update(counts=counts)


def _next(act, action):
    """The next batch as (id, petition's id) pairs, within the user's current permissions."""
    if act.user is None or not action.is_allowed(act.user):
        return []
    selection = Selection(act.user, QueryDict(act.query))
    chosen = action.eligible(selected(selection, act.ids))
    rest = chosen.filter(pk__gt=act.position, pk__lte=act.until).order_by("pk")
    return list(rest.values_list("pk", "petition")[:SIGNATURES_AT_ONCE])


def _record(pk):
    """Log what was done, and erase the search."""
    BulkAct.objects.filter(pk=pk).update(query="", ids=None)
    act = BulkAct.objects.select_related("user").get(pk=pk)
    for petition in Petition.objects.filter(pk__in=act.counts):
        data = {"count": act.counts[str(petition.pk)], "filter": act.selected}
        if act.reason:
            data["reason"] = act.reason
        log(petition, f"wagtail_petition.{act.verb}", user=act.user, data=data)
