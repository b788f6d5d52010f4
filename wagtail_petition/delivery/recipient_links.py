"""Private links for a delivery's recipient: make, find, revoke, and record their use."""

import secrets
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from wagtail_petition.access.petitions import User
from wagtail_petition.ledger.tokens import digest
from wagtail_petition.models.delivery import Delivery, DeliveryFile
from wagtail_petition.models.recipient_link import RecipientLink, RecipientVisit

from . import selection

# The most views and downloads of a link within ``WINDOW``. No office needs more.
MOST, WINDOW = 200, timedelta(hours=1)
# Deliveries that a link can be made for.
SHARED = (Delivery.State.READY, Delivery.State.DELIVERED)


def make(
    delivery: Delivery, *, user: User | None, expires_at: datetime
) -> tuple[RecipientLink, str]:
    """Make a link. Returns it and its token, of which only a hash is stored."""
    token = secrets.token_urlsafe(32)
    link = RecipientLink.objects.create(
        delivery=delivery, sha256=digest(token), created_by=user, expires_at=expires_at
    )
    return link, token


def find(token: str) -> RecipientLink | None:
    """The link with this token, whether it still works or not; None if there is none."""
    links = RecipientLink.objects.select_related("delivery__petition", "created_by")
    return links.filter(sha256=digest(token)).first()


def revoke(link: RecipientLink) -> bool:
    """Revoke a link at once. Returns False if it was revoked before."""
    unrevoked = RecipientLink.objects.filter(pk=link.pk, revoked_at=None)
    return bool(unrevoked.update(revoked_at=timezone.now()))


def is_busy(link: RecipientLink) -> bool:
    """Whether the link was used too often within the last hour."""
    since = timezone.now() - WINDOW
    return link.visits.filter(at__gt=since)[:MOST].count() >= MOST


def record_view(link: RecipientLink) -> None:
    """Log a view of the recipient's page."""
    RecipientVisit.objects.create(link=link)


def record_download(link: RecipientLink, file: DeliveryFile) -> None:
    """Log a download."""
    RecipientVisit.objects.create(
        link=link, file=file.name, manifest_sha256=link.delivery.manifest_sha256
    )


def files(delivery: Delivery) -> QuerySet[DeliveryFile]:
    """The files that the recipient can download now.

    None while the delivery is built, if it holds signatures that no longer count and must be
    rebuilt, or after its files were deleted.
    """
    stored = delivery.files.exclude(path="")
    if delivery.state not in SHARED:
        return stored.none()
    if delivery.state == Delivery.State.READY and selection.gone_since(delivery):
        return stored.none()
    return stored


def has_downloaded(delivery: Delivery) -> bool:
    """Whether the recipient has downloaded any of the current files."""
    visits = RecipientVisit.objects.filter(link__delivery=delivery).exclude(file="")
    return visits.filter(manifest_sha256=delivery.manifest_sha256).exists()
