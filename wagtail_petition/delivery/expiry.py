"""When the files of deliveries go. The record, its numbers and its checksums stay."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wagtail_petition.conf import settings
from wagtail_petition.models.delivery import Delivery, DeliveryFile
from wagtail_petition.storage import DELIVERIES, private_storage

from . import selection

State = Delivery.State
# What was put into the storage so recently may belong to somebody who is still at work.
AT_WORK = timedelta(hours=1)


def delete_files(delivery):
    """Delete a delivery's files. What is known of them (name, size, SHA-256) stays."""
    with transaction.atomic():
        stored = delivery.files.exclude(path="")
        paths = list(stored.values_list("path", flat=True))
        stored.update(path="")
        Delivery.objects.filter(pk=delivery.pk).update(files_deleted_at=timezone.now())
        transaction.on_commit(lambda: _delete(paths))


def drop_files(delivery):
    """Delete a delivery's files and what is known of them: they never were, or are made anew."""
    paths = list(delivery.files.exclude(path="").values_list("path", flat=True))
    delivery.files.all().delete()
    transaction.on_commit(lambda: _delete(paths))


def forget_files():
    """Delete the files whose time is over. Returns of how many deliveries.

    Those of a delivery that was handed over ``DELIVERY_FILE_DAYS`` ago; those of one that still
    waits and holds somebody who has withdrawn; and all that hold anonymised signatures.
    """
    stored = Delivery.objects.filter(
        pk__in=DeliveryFile.objects.exclude(path="").values("delivery")
    )
    over = [delivery for delivery in stored if _is_over(delivery)]
    for delivery in over:
        delete_files(delivery)
    return len(over)


def _is_over(delivery):
    if delivery.state == State.READY and selection.gone_since(delivery):
        return True
    if delivery.state == State.DELIVERED and delivery.marked_at:
        before = timezone.now() - timedelta(days=settings.DELIVERY_FILE_DAYS)
        # Whoever says so late still has the time.
        if delivery.marked_at <= before and delivery.delivered_on <= before.date():
            return True
    return selection.is_anonymised(delivery)


def delete_orphans():
    """Delete the files that belong to no delivery: a worker that was killed left them, or the
    delivery's row is gone. Returns how many."""
    storage = private_storage()
    # The storage is read first: whatever gets its row meanwhile is known then.
    found = [path for path in _walk(storage, DELIVERIES) if _is_old(storage, path)]
    known = {*DeliveryFile.objects.exclude(path="").values_list("path", flat=True)}
    known |= {*Delivery.objects.exclude(receipt="").values_list("receipt", flat=True)}
    held = Delivery.objects.exclude(lease="").values_list("uid", "lease")
    at_work = tuple(f"{DELIVERIES}/{uid}/{lease}/" for uid, lease in held)
    orphans = [path for path in found if path not in known and not path.startswith(at_work)]
    _delete(orphans)
    return len(orphans)


def _is_old(storage, path):
    return storage.get_modified_time(path) < timezone.now() - AT_WORK


def _walk(storage, folder):
    """The paths of all files below a folder of the storage."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for name in folders:
        yield from _walk(storage, f"{folder}/{name}")


def _delete(paths):
    """Delete files and the folders that are left empty, where the storage has folders."""
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
