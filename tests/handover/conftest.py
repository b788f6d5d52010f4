"""A delivery of two signatures, and a link for its recipient."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.admin.people import make_user
from wagtail_petition.delivery import build, recipient_links
from wagtail_petition.models import Delivery


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def organiser(page):
    user = make_user("Deborah", "view_delivery", pages=[page])
    user.email = "deborah@example.org"
    user.save()
    return user


@pytest.fixture
def delivery(page, make_signature):
    for name in ("Anna", "Bruno"):
        make_signature(given_name=name, email=f"{name}@example.org")
    made = Delivery.objects.create(
        petition=page.petition, last_number=2, recipient="Jane Doe", office="Senate", language="en",
        columns=["number", "given_name"], formats=["csv"],
    )  # fmt: skip
    build.build_queued()
    made.refresh_from_db()
    return made


@pytest.fixture
def share(delivery, organiser):
    """Make a link. Returns it with its URL."""

    def make(days=30):
        link, token = recipient_links.make(
            delivery, user=organiser, expires_at=timezone.now() + timedelta(days=days)
        )
        return link, reverse("wagtail_petition:recipient", args=[token])

    return make


@pytest.fixture
def url(share):
    return share()[1]


@pytest.fixture
def receipt(delivery):
    """What the form to confirm receipt sends; arguments are its fields."""

    def data(**fields):
        values = {
            "manifest": delivery.manifest_sha256,
            "name": "Ada Clerk",
            "office": "Mail room",
            "day": timezone.localdate().isoformat(),
            "note": "Box 7",
            **fields,
        }
        return {f"receipt-{name}": value for name, value in values.items()} | {"receive": "1"}

    return data


@pytest.fixture
def refusal(delivery):
    """What the form to decline sends."""
    return {
        "decline-manifest": delivery.manifest_sha256,
        "decline-name": "Ada Clerk",
        "decline-office": "Mail room",
        "decline-note": "Not our committee",
        "decline": "1",
    }
