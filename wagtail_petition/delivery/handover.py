"""What becomes of a delivery: queued, cancelled, handed over."""

from functools import partial

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_petition.models.delivery import Delivery
from wagtail_petition.signals import petition_delivered

from .storage import private_storage

State = Delivery.State


class WrongState(Exception):
    """The delivery is not in a state in which that can be done; the message says why."""


def cancel(delivery):
    """Cancel a delivery that was not handed over: its signatures are undelivered again.

    Its files are deleted. Raises WrongState.
    """
    waiting = [State.QUEUED, State.READY, State.FAILED]
    if not Delivery.objects.filter(pk=delivery.pk, state__in=waiting).update(
        state=State.CANCELLED, lease="", members=b""
    ):
        raise WrongState(_("This delivery was handed over or cancelled already."))
    for file in delivery.files.all():
        private_storage().delete(file.path)
    delivery.files.all().delete()


def try_again(delivery):
    """Queue a delivery that failed. Raises WrongState."""
    if not Delivery.objects.filter(pk=delivery.pk, state=State.FAILED).update(
        state=State.QUEUED, error="", leased_until=None
    ):
        raise WrongState(_("Only a delivery that failed can be made again."))


def mark_delivered(
    delivery, *, delivered_on, place="", received_by="", note="", receipt=None, is_public=True
):
    """Record that a delivery was handed over, which locks it. Raises WrongState.

    ``receipt`` is an uploaded file, kept in the private storage.
    """
    path = ""
    if receipt is not None:
        path = private_storage().save(
            f"deliveries/{delivery.uid}/receipt-{receipt.name}", File(receipt)
        )
    with transaction.atomic():
        done = Delivery.objects.filter(pk=delivery.pk, state=State.READY).update(
            state=State.DELIVERED,
            delivered_on=delivered_on,
            place=place,
            received_by=received_by,
            note=note,
            receipt=path,
            is_public=is_public,
        )
        if done:
            delivery.refresh_from_db()
            transaction.on_commit(
                partial(petition_delivered.send_robust, sender=Delivery, delivery=delivery)
            )
    if not done:
        if path:
            private_storage().delete(path)
        raise WrongState(_("Only a delivery that is ready can be handed over, and only once."))
