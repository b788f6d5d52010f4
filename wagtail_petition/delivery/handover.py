"""What becomes of a delivery: queued, cancelled, handed over."""

from functools import partial

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_petition import ledger
from wagtail_petition.background import do_soon
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.signals import petition_delivered

from . import build, marking, news
from .storage import private_storage

State = Delivery.State


class WrongState(Exception):
    """The delivery is not in a state in which that can be done; the message says why."""


def queue(deliveries, *, on_saved=lambda delivery: None):
    """Save new deliveries and see that they are made. ``on_saved`` runs within the transaction."""
    with transaction.atomic():
        for delivery in deliveries:
            delivery.save(force_insert=True)
            on_saved(delivery)
        transaction.on_commit(partial(do_soon, build.build_queued))


def cancel(delivery):
    """Cancel a delivery that was not handed over: its signatures are undelivered again.

    Its files are deleted. Raises WrongState.
    """
    waiting = [State.QUEUED, State.READY, State.FAILED]
    if not Delivery.objects.filter(pk=delivery.pk, state__in=waiting).update(
        state=State.CANCELLED, lease="", members=b""
    ):
        raise WrongState(_("This delivery was handed over or cancelled already."))
    paths = list(delivery.files.values_list("path", flat=True))
    delivery.files.all().delete()
    transaction.on_commit(lambda: [private_storage().delete(path) for path in paths])


def try_again(delivery):
    """Queue a delivery that failed. Raises WrongState."""
    if not Delivery.objects.filter(pk=delivery.pk, state=State.FAILED).update(
        state=State.QUEUED, error="", leased_until=None
    ):
        raise WrongState(_("Only a delivery that failed can be made again."))
    transaction.on_commit(partial(do_soon, build.build_queued))


def mark_delivered(
    delivery,
    *,
    delivered_on,
    place="",
    received_by="",
    note="",
    receipt=None,
    is_public=True,
    tells_signers=False,
):
    """Record that a delivery was handed over, which locks it. Raises WrongState.

    ``receipt`` is an uploaded file, kept in the private storage. ``tells_signers`` owes a mail to
    those in it who asked for news.
    """
    path = ""
    if receipt is not None:
        path = private_storage().save(
            f"deliveries/{delivery.uid}/receipt-{receipt.name}",
            File(receipt),
            max_length=Delivery._meta.get_field("receipt").max_length,
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
            tells_signers=tells_signers,
        )
        if done:
            delivery.refresh_from_db()
            ledger.show_anew(delivery.petition_id)
            transaction.on_commit(partial(do_soon, news.owe_news))
            transaction.on_commit(partial(do_soon, marking.mark_members))
            transaction.on_commit(
                partial(petition_delivered.send_robust, sender=Delivery, delivery=delivery)
            )
    if not done:
        if path:
            private_storage().delete(path)
        raise WrongState(_("Only a delivery that is ready can be handed over, and only once."))
