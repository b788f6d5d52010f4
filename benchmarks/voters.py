"""Deliveries to the representatives of each state, as if they had been handed over."""

from collections import defaultdict
from datetime import timedelta

from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.delivery import membership
from wagtail_petition.models import Delivery, Signature

# To how much of the signatures each state's two deliveries went.
PARTS = ((0, 0.45), (0.45, 0.9))
# One in so many of those delivered was invalidated since.
ONE_IN = 50_000


def deliver_by_state(petition):
    """Hand over two deliveries for each state, and count the districts, as in the background."""
    petition.refresh_from_db()
    Delivery.objects.filter(petition=petition).delete()
    numbers = defaultdict(list)
    confirmed = Signature.objects.filter(petition=petition, status=Signature.Status.CONFIRMED)
    voters = confirmed.exclude(home_region="").order_by("number")
    for region, number in voters.values_list("home_region", "number").iterator():
        numbers[region].append(number)
    for after, until in PARTS:
        first, last = (int(petition.last_number * part) for part in (after, until))
        for region, found in numbers.items():
            members = [number for number in found if first < number <= last]
            delivery = Delivery.objects.create(
                petition=petition,
                state=Delivery.State.DELIVERED,
                delivered_on=timezone.localdate(),
                last_number=last,
                recipient=f"Senators of {region}",
                language="en",
                columns=["number"],
                filters={"home_regions": [region]},
                count=len(members),
                members=membership.pack(members),
                marked_at=timezone.now(),
            )
            early = timezone.now() - timedelta(minutes=5)
            Delivery.objects.filter(pk=delivery.pk).update(created_at=early)
    gone = [numbers[region][0] for region in sorted(numbers)[: petition.last_number // ONE_IN]]
    found = confirmed.filter(number__in=gone).values_list("pk", flat=True)
    ledger.invalidate(list(found), petition=petition)
    ledger.count_breakdown(petition, [])
