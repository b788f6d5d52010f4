"""Change the state of a delivery: queue, cancel, rebuild, mark as delivered; add to its record."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_petition import ledger
from wagtail_petition.access.petitions import User
from wagtail_petition.background.dispatch import dispatch
from wagtail_petition.models import Delivery, DeliveryNote, DeliverySplit, PetitionLogEntry
from wagtail_petition.signals import petition_delivered
from wagtail_petition.storage import get_folder, private_storage

from . import build, expiry, marking, notifications, proof, selection

State = Delivery.State

CANCELLABLE = (State.QUEUED, State.READY, State.FAILED)
OVER = gettext_lazy("This delivery has already been delivered or cancelled.")
NOT_READY = gettext_lazy("Only a ready delivery can be marked as delivered.")
ERASED_BEFORE = gettext_lazy("This entry has already been erased.")


class WrongState(Exception):
    """The delivery's state doesn't allow the action. The message says why."""


class AlreadyAdded(WrongState):
    """The same was added before, for example from another tab."""


def queue(
    deliveries: Sequence[Delivery],
    *,
    split: DeliverySplit | None = None,
    on_saved: Callable[[], object] = lambda: None,
) -> None:
    """Save new deliveries and start building them. With a new ``split``, they are its parts.

    ``on_saved`` is called in the same transaction.
    """
    with transaction.atomic():
        if split:
            split.save(force_insert=True)
        for delivery in deliveries:
            delivery.split = split
            delivery.save(force_insert=True)
        on_saved()
        transaction.on_commit(partial(dispatch, build.build_queued))


def cancel(delivery: Delivery) -> None:
    """Cancel a delivery that was not handed over, and delete its files.

    Its signatures become undelivered again. Raises ``WrongState``.
    """
    if not Delivery.objects.filter(pk=delivery.pk, state__in=CANCELLABLE).update(
        state=State.CANCELLED, lease="", members=b"", root="", previous_root=""
    ):
        raise WrongState(OVER)
    proof.drop_old(delivery, "")
    expiry.drop_files(delivery)


def try_again(delivery: Delivery) -> None:
    """Queue a failed delivery again. Raises ``WrongState``."""
    _queue_again(delivery, State.FAILED, _("Only failed deliveries can be retried."))


def rebuild(delivery: Delivery) -> None:
    """Build a ready delivery again, without the signatures that no longer count.

    It gets no other numbers than before, and keeps them reserved while it is built, so that no
    other delivery gives them to its recipient. Raises ``WrongState``.
    """
    _queue_again(delivery, State.READY, _("Only a ready delivery can be rebuilt."))
    expiry.drop_files(delivery)


def _queue_again(delivery: Delivery, state: Delivery.State, refusal: str) -> None:
    if not Delivery.objects.filter(pk=delivery.pk, state=state).update(
        state=State.QUEUED, error="", leased_until=None, progress=0
    ):
        raise WrongState(refusal)
    transaction.on_commit(partial(dispatch, build.build_queued))


def mark_delivered(
    delivery: Delivery,
    *,
    delivered_on: date,
    place: str = "",
    received_by: str = "",
    note: str = "",
    receipt: UploadedFile | None = None,
    is_public: bool = True,
    tells_signers: bool = False,
    before_withdrawals: bool = False,
) -> None:
    """Record that a delivery was handed over. After that it can't be changed.

    If it holds signatures that no longer count, it must be rebuilt first, unless
    ``before_withdrawals`` says that it was handed over before they were withdrawn. ``receipt``
    is stored in the private storage. ``tells_signers`` queues an email to the signers in it who
    opted in to updates. Raises ``WrongState``.
    """
    path = store_upload(delivery, receipt, "receipt")
    with transaction.atomic():
        # No signature can be withdrawn between the check and the commit.
        ledger.lock(delivery.petition_id)
        is_whole = before_withdrawals or not selection.gone_since(delivery)
        done = is_whole and Delivery.objects.filter(pk=delivery.pk, state=State.READY).update(
            state=State.DELIVERED,
            delivered_on=delivered_on,
            place=place,
            received_by=received_by,
            note=note,
            receipt=path,
            is_public=is_public,
            tells_signers=tells_signers,
        )
        if done:
            delivery.refresh_from_db()
            ledger.bump_public_version(delivery.petition_id)
            transaction.on_commit(partial(dispatch, notifications.queue_delivered_emails))
            transaction.on_commit(partial(dispatch, marking.mark_members))
            transaction.on_commit(
                partial(petition_delivered.send_robust, sender=Delivery, delivery=delivery)
            )
    if not done:
        if path:
            private_storage().delete(path)
        raise WrongState(NOT_READY if is_whole else outdated(delivery))


def add_note(
    delivery: Delivery,
    *,
    user: User | None,
    place: str = "",
    received_by: str = "",
    note: str = "",
    receipt: UploadedFile | None = None,
) -> DeliveryNote:
    """Add to the record of a delivery that was handed over. Earlier notes stay as they are.

    ``receipt`` is stored in the private storage. Raises ``WrongState`` if the delivery wasn't
    handed over, and ``AlreadyAdded`` if the same stands in its record.
    """
    if not Delivery.objects.filter(pk=delivery.pk, state=State.DELIVERED).exists():
        raise WrongState(_("You can add to a delivery after it was marked as delivered."))
    texts = {"place": place, "received_by": received_by, "note": note}
    with transaction.atomic():
        # Of two requests at the same time, the second one finds the note of the first one.
        ledger.lock(delivery.petition_id)
        same = delivery.notes.filter(**texts, erased_at=None)
        if any(_is_same_file(each.receipt, receipt) for each in same):
            raise AlreadyAdded(_("This has already been added to the record of the delivery."))
        path = store_upload(delivery, receipt, "receipt")
        try:
            return DeliveryNote.objects.create(delivery=delivery, user=user, receipt=path, **texts)
        except BaseException:
            if path:
                private_storage().delete(path)
            raise


# The values after erasure of the fields that may name somebody.
ERASED = dict.fromkeys(("place", "received_by", "note", "receipt"), "")


def erase_note(note: DeliveryNote, *, user: User | None) -> None:
    """Erase the contents of a note, for somebody whom they name. The entry itself stays.

    The receipt's file is deleted too. Raises ``WrongState`` if it was erased before.
    """
    erased = DeliveryNote.objects.filter(pk=note.pk, erased_at=None).update(
        **ERASED, erased_at=timezone.now(), erased_by=user
    )
    forget_upload(erased, note.delivery, note.receipt)


def erase_handover(delivery: Delivery) -> None:
    """Erase what was noted when a delivery was handed over, for somebody whom it names.

    The day, the recipient and all that was delivered stay. The receipt's file is deleted too.
    Raises ``WrongState`` if there is nothing to erase.
    """
    erased = Delivery.objects.filter(pk=delivery.pk).exclude(**ERASED).update(**ERASED)
    forget_upload(erased, delivery, delivery.receipt)


def forget_upload(erased: int, delivery: Delivery, path: str) -> None:
    """Delete the upload at ``path`` and its name in the log, if a row was ``erased``.

    Raises ``WrongState`` if none was.
    """
    if not erased:
        raise WrongState(ERASED_BEFORE)
    if path:
        PetitionLogEntry.objects.forget_file(delivery, path.rpartition("/")[2])
        transaction.on_commit(partial(private_storage().delete, path))


def store_upload(delivery: Delivery, upload: UploadedFile | None, kind: str) -> str:
    """Store an uploaded file, named after its ``kind``.

    Returns its path in the private storage, or "" without a file.
    """
    if upload is None:
        return ""
    return private_storage().save(
        f"{get_folder(delivery)}/{kind}-{upload.name}",
        File(upload),
        max_length=Delivery._meta.get_field("receipt").max_length,
    )


def _is_same_file(path: str, receipt: UploadedFile | None) -> bool:
    """Whether the stored receipt at ``path`` is the same file as ``receipt``, or both are none."""
    if not path or receipt is None:
        return not path and receipt is None
    storage = private_storage()
    if not storage.exists(path) or storage.size(path) != receipt.size:
        return False
    receipt.seek(0)
    with storage.open(path) as stored:
        return all(
            mine == other for mine, other in zip(stored.chunks(), receipt.chunks(), strict=False)
        )


def outdated(delivery: Delivery) -> str:
    """The message for a ready delivery with signatures that no longer count."""
    count = len(selection.gone_since(delivery))
    return ngettext(
        "%(count)d signature in this delivery no longer counts. Rebuild the delivery without it.",
        "%(count)d signatures in this delivery no longer count. Rebuild the delivery without them.",
        count,
    ) % {"count": count}
