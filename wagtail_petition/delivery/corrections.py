"""Corrected files of a delivery that was handed over, without the signatures that left it since.

The delivery itself never changes. A correction is another one that ``corrects`` it: the same choices,
and of its numbers those that still count. It is built when somebody asks for it, never handed over
itself, and built again when more people have withdrawn.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_petition import ledger
from wagtail_petition.access.petitions import User
from wagtail_petition.background.dispatch import dispatch
from wagtail_petition.exports.writers import csv_chunks
from wagtail_petition.models.delivery import Delivery, DeliveryFile
from wagtail_petition.moments import written_date

from . import build, expiry, selection
from .lifecycle import WrongState
from .membership import Members

State = Delivery.State

# The choices that a correction has from its delivery.
SAME = (
    *("petition", "first_number", "last_number", "only_new", "filters", "recipient", "office"),
    *("language", "columns", "order", "breakdowns", "formats", "paper"),
)
NUMBERS = "withdrawn.csv"


class Changes(NamedTuple):
    """What has changed in a delivery since it was handed over.

    ``withdrawn`` signatures were withdrawn, invalidated or erased, ``expired`` ones only have no
    data any more. ``state`` is that of the corrected files: "none", "preparing", "failed",
    "ready", or "empty" if nothing would be left in them.
    """

    withdrawn: int
    expired: int
    state: str
    correction: Delivery | None

    @property
    def files(self) -> list[DeliveryFile]:
        """The corrected files that can be downloaded now."""
        if self.state != "ready" or self.correction is None:
            return []
        return list(self.correction.files.exclude(path=""))


def find_changes(delivery: Delivery) -> Changes | None:
    """The ``Changes`` of a delivery; None if it wasn't handed over or all still count."""
    gone = selection.gone_since(delivery) if delivery.state == State.DELIVERED else []
    if not gone:
        return None
    withdrawn = len(selection.withdrawn_since(delivery))
    correction = Delivery.objects.filter(corrects=delivery).select_related("petition").first()
    is_empty = len(gone) == len(Members(delivery.members))
    state = "empty" if is_empty else _get_state(correction)
    return Changes(withdrawn, len(gone) - withdrawn, state, correction)


def _get_state(correction: Delivery | None) -> str:
    if correction is None:
        return "none"
    if correction.state == State.QUEUED:
        return "preparing"
    if correction.state == State.FAILED:
        return "failed"
    is_stored = correction.files.exclude(path="").exists()
    return "ready" if is_stored and not selection.gone_since(correction) else "none"


def make(delivery: Delivery, *, user: User | None) -> bool:
    """Start building the corrected files. Returns False if they are there or on their way.

    Raises ``WrongState`` if the delivery wasn't handed over, all of it still counts, or nothing
    of it does.
    """
    with transaction.atomic():
        ledger.lock(delivery.petition_id)
        changes = find_changes(delivery)
        if changes is None:
            raise WrongState(_("All signatures in this delivery still count."))
        if changes.state == "empty":
            raise WrongState(_("No signature in this delivery is left."))
        if changes.state in ("preparing", "ready"):
            return False
        if changes.correction:
            _queue_again(changes.correction, delivery, user)
        else:
            Delivery.objects.create(
                **{name: getattr(delivery, name) for name in SAME},
                corrects=delivery,
                members=bytes(delivery.members),
                cover_letter=_cover_letter(delivery),
                created_by=user,
                is_public=False,
            )
        transaction.on_commit(partial(dispatch, build.build_queued))
    return True


def _queue_again(correction: Delivery, delivery: Delivery, user: User | None) -> None:
    expiry.drop_files(correction)
    Delivery.objects.filter(pk=correction.pk).update(
        state=State.QUEUED,
        # All that it may hold: a signature that was restored is back in it.
        members=bytes(delivery.members),
        cover_letter=_cover_letter(delivery),
        created_by=user,
        created_at=timezone.now(),
        error="",
        lease="",
        leased_until=None,
        progress=0,
    )


def _cover_letter(delivery: Delivery) -> str:
    """The delivery's letter, which begins with what it corrects."""
    with translation.override(delivery.language):
        date = written_date(delivery.delivered_on) if delivery.delivered_on else ""
        text = _(
            "Corrected files: they replace those handed over on %(date)s, without the signatures "
            "that were withdrawn since. Please delete the earlier files."
        ) % {"date": date}
    return f"{text}\n\n{delivery.cover_letter}".strip()


def numbers_csv(delivery: Delivery) -> Iterator[bytes]:
    """The delivered numbers that no longer count, as the contents of a CSV file."""
    numbers = selection.withdrawn_since(delivery) if delivery.members else []
    return csv_chunks([_("Withdrawn signature number")], ([number] for number in numbers))
