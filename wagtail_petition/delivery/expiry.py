"""Delete the files of deliveries. The record with its numbers and checksums stays."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wagtail_petition.conf import settings
from wagtail_petition.models.delivery import Delivery, DeliveryFile, DeliveryNote
from wagtail_petition.models.outcome import DeliveryOutcome
from wagtail_petition.storage import DELIVERIES, private_storage

from . import selection

State = Delivery.State
# A newer file without a row may belong to a running worker.
AT_WORK = timedelta(hours=1)


def delete_files(delivery: Delivery) -> None:
    """Delete a delivery's files. Their names, sizes and SHA-256 stay."""
    with transaction.atomic():
        stored = delivery.files.exclude(path="")
        paths = list(stored.values_list("path", flat=True))
        stored.update(path="")
        Delivery.objects.filter(pk=delivery.pk).update(files_deleted_at=timezone.now())
        transaction.on_commit(lambda: _delete(paths))


def drop_files(delivery: Delivery) -> None:
    """Delete a delivery's files and their rows, to cancel or rebuild it."""
    paths = list(delivery.files.exclude(path="").values_list("path", flat=True))
    delivery.files.all().delete()
    transaction.on_commit(lambda: _delete(paths))


def forget_files() -> int:
    """Delete files after their retention period. Returns the number of deliveries.

    Files go ``DELIVERY_FILE_DAYS`` after the delivery was handed over, and corrected files as long
    after they were asked for. They also go if a
    signature in it was anonymised, or was withdrawn before it was handed over.
    """
    stored = Delivery.objects.filter(
        pk__in=DeliveryFile.objects.exclude(path="").values("delivery")
    )
    over = [delivery for delivery in stored if _is_over(delivery)]
    for delivery in over:
        delete_files(delivery)
    return len(over)


def _is_over(delivery: Delivery) -> bool:
    if delivery.state == State.READY and selection.gone_since(delivery):
        return True
    before = timezone.now() - timedelta(days=settings.DELIVERY_FILE_DAYS)
    if delivery.corrects_id and delivery.created_at <= before:
        return True
    if delivery.state == State.DELIVERED and delivery.marked_at:
        # Both dates, since a delivery may be marked as delivered days later.
        is_old = delivery.delivered_on and delivery.delivered_on <= before.date()
        if delivery.marked_at <= before and is_old:
            return True
    return selection.is_anonymised(delivery)


def delete_orphans() -> int:
    """Delete files that belong to no delivery, for example after a worker died.

    Returns how many.
    """
    storage = private_storage()
    # The storage first, so that a file that gets its row in the meantime isn't an orphan.
    found = [path for path in _walk(storage, DELIVERIES) if _is_old(storage, path)]
    known = {*DeliveryFile.objects.exclude(path="").values_list("path", flat=True)}
    for model in (Delivery, DeliveryNote):
        known |= {*model.objects.exclude(receipt="").values_list("receipt", flat=True)}
    known |= {*DeliveryOutcome.objects.exclude(document="").values_list("document", flat=True)}
    held = Delivery.objects.exclude(lease="").values_list("uid", "lease")
    at_work = tuple(f"{DELIVERIES}/{uid}/{lease}/" for uid, lease in held)
    orphans = [path for path in found if path not in known and not path.startswith(at_work)]
    _delete(orphans)
    return len(orphans)


def _is_old(storage, path):
    return storage.get_modified_time(path) < timezone.now() - AT_WORK


def _walk(storage, folder):
    """Yield the paths of all files below a folder of the storage."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for name in folders:
        yield from _walk(storage, f"{folder}/{name}")


def _delete(paths):
    """Delete files, and their folders if they are empty and the storage has folders."""
    storage = private_storage()
    for path in paths:
        storage.delete(path)
    for folder in sorted({path.rpartition("/")[0] for path in paths}, key=len, reverse=True):
        while folder != DELIVERIES and folder.startswith(DELIVERIES) and _is_empty(storage, folder):
            storage.delete(folder)
            folder = folder.rpartition("/")[0]


def _is_empty(storage, folder):
    try:
        return not any(storage.listdir(folder))
    except FileNotFoundError:
        return False
