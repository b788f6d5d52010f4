"""Marks the signatures of deliveries that were handed over, so that lists can be filtered by it."""

from itertools import islice

from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.models.delivery import Delivery

from .members import Members

# So many hold up who confirms meanwhile for some milliseconds.
BATCH = 500


def mark_members():
    """Mark what was handed over and not marked yet. Begins anew where it was interrupted."""
    waiting = Delivery.objects.filter(state=Delivery.State.DELIVERED, marked_at=None)
    for delivery in waiting.select_related("petition"):
        numbers = iter(Members(delivery.members))
        while batch := list(islice(numbers, BATCH)):
            ledger.mark_delivered(batch, petition=delivery.petition)
        Delivery.objects.filter(pk=delivery.pk).update(marked_at=timezone.now())
