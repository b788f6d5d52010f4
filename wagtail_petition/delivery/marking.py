"""Marks the signatures of deliveries that were handed over, so that lists can be filtered by it."""

from itertools import islice

from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.background.dispatch import BATCH, throttled
from wagtail_petition.models.delivery import Delivery

from .membership import Members


def mark_members():
    """Mark what was handed over and not marked yet. Begins anew where it was interrupted."""
    waiting = Delivery.objects.filter(state=Delivery.State.DELIVERED, marked_at=None)
    for delivery in waiting.select_related("petition"):
        for batch in throttled(_batches(iter(Members(delivery.members)))):
            ledger.mark_delivered(batch, petition=delivery.petition)
        Delivery.objects.filter(pk=delivery.pk).update(marked_at=timezone.now())


def _batches(numbers):
    while batch := list(islice(numbers, BATCH)):
        yield batch
