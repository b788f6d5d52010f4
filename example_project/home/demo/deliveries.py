"""One delivery for each recipient: one was handed over, the committees' copies are ready."""

from django.utils import timezone

from home.demo.petition import RECIPIENTS
from wagtail_petition.delivery.build import build_queued
from wagtail_petition.delivery.lifecycle import mark_delivered
from wagtail_petition.extras import has_extra
from wagtail_petition.models import Delivery, Petition

COLUMNS = [
    *("number", "given_name", "family_name", "city", "country"),
    *("home_region", "home_district", "confirmed_at"),
]


def make_deliveries(page, user):
    """Prepare all of the petition's signatures for each recipient of ``page``."""
    petition = Petition.objects.get(key=page.translation_key)
    formats = [*(["pdf"] if has_extra("pdf") else []), "csv", "xlsx"]
    made = [
        Delivery.objects.create(
            petition=petition,
            last_number=petition.last_number,
            recipient=recipient["name"],
            office=recipient["office"],
            language="en",
            columns=COLUMNS,
            formats=formats,
            created_by=user,
        )
        for recipient in RECIPIENTS
    ]
    build_queued()
    handed_over = made[0]
    handed_over.refresh_from_db()
    mark_delivered(handed_over, delivered_on=timezone.localdate(), place="Washington, D.C.")
