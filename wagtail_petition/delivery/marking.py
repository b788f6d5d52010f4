"""Mark the signatures of deliveries that were handed over, so that lists can filter by it."""

from collections.abc import Iterator
from itertools import islice

from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.background.dispatch import SIGNATURES_AT_ONCE, throttled
from wagtail_petition.models.delivery import Delivery

from .membership import Members


def mark_members() -> None:
    """Mark the signatures of handed-over deliveries. An interrupted delivery is repeated."""
    waiting = Delivery.objects.filter(state=Delivery.State.DELIVERED, marked_at=None)
    for delivery in waiting.select_related("petition"):
        for batch in throttled(_batches(iter(Members(delivery.members)))):
            ledger.mark_delivered(batch, petition=delivery.petition)
        Delivery.objects.filter(pk=delivery.pk).update(marked_at=timezone.now())


def _batches(numbers: Iterator[int]) -> Iterator[list[int]]:
    while batch := list(islice(numbers, SIGNATURES_AT_ONCE)):
        yield batch
