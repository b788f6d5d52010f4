"""Emails about a delivery to signers who opted in to updates."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wagtail_petition.ledger import queue_emails
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.signature import Signature

from .membership import Members
from .selection import in_range


def queue_delivered_emails() -> int:
    """Queue the emails about deliveries that were handed over. Returns how many."""
    waiting = Delivery.objects.filter(
        state=Delivery.State.DELIVERED, tells_signers=True, told_at=None
    )
    return sum(_queue_delivered_emails(delivery) for delivery in waiting)


@transaction.atomic
def _queue_delivered_emails(delivery: Delivery) -> int:
    now = timezone.now()
    # Of several workers, only the one that marks the delivery queues the emails.
    if not Delivery.objects.filter(pk=delivery.pk, told_at=None).update(told_at=now):
        return 0
    members = Members(delivery.members)
    wanted = _wanted(delivery).values_list("pk", "number", "email_key")
    count = queue_emails(
        OutgoingEmail.Kind.DELIVERED,
        ((pk, key) for pk, number, key in wanted.iterator() if number in members),
    )
    Delivery.objects.filter(pk=delivery.pk).update(told_count=count)
    return count


def count(delivery: Delivery) -> int:
    """How many signers in a delivery opted in to updates."""
    members = Members(delivery.members)
    numbers = _wanted(delivery).values_list("number", flat=True)
    return sum(number in members for number in numbers.iterator(chunk_size=10_000))


def _wanted(delivery: Delivery) -> QuerySet[Signature]:
    return in_range(delivery).filter(
        status=Signature.Status.CONFIRMED, wants_news=True, anonymised_at=None
    )
