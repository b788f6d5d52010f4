"""Private links for a delivery's recipient: make, find, revoke, and record their use."""

import base64
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

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
    delivery: Delivery,
    *,
    user: User | None,
    expires_at: datetime,
    code: str = "",
    key: UUID | None = None,
) -> tuple[RecipientLink, str]:
    """Make a link. Returns it and its token, of which only a hash is stored.

    ``code`` is the hash of the code that the page asks for, if any. With the ``key`` of a form,
    sending that form again returns the same link and the same token.
    """
    token = _token_for(delivery, user, key) if key else secrets.token_urlsafe(32)
    link, _is_new = RecipientLink.objects.get_or_create(
        sha256=digest(token),
        defaults={
            "delivery": delivery,
            "created_by": user,
            "expires_at": expires_at,
            "code": code,
        },
    )
    return link, token


def was_made(delivery: Delivery, *, user: User | None, key: UUID) -> bool:
    """Whether the form with ``key`` has made a link."""
    return find(_token_for(delivery, user, key)) is not None


def _token_for(delivery, user, key):
    """The token of the link that the form with ``key`` makes. Only this site can compute it."""
    text = f"{delivery.pk} {user and user.pk} {key}"
    made = salted_hmac("wagtail_petition.recipient_link", text, algorithm="sha256")
    return base64.urlsafe_b64encode(made.digest()).rstrip(b"=").decode()


def renew(link: RecipientLink, *, is_reminder: bool = False) -> str:
    """Give the link another token, for an email that is being sent, and return it.

    The token that the email had in an earlier attempt to send stops working. A reminder has a
    token of its own, besides the first one.
    """
    token = secrets.token_urlsafe(32)
    field = "reminder_sha256" if is_reminder else "sha256"
    RecipientLink.objects.filter(pk=link.pk).update(**{field: digest(token)})
    return token


def find(token: str) -> RecipientLink | None:
    """The link with this token, whether it still works or not; None if there is none."""
    links = RecipientLink.objects.select_related("delivery__petition", "created_by")
    sha256 = digest(token)
    return links.filter(Q(sha256=sha256) | Q(reminder_sha256=sha256)).first()


def is_token_of(link: RecipientLink, token: str) -> bool:
    """Whether ``token`` opens ``link``."""
    return digest(token) in (link.sha256, link.reminder_sha256)


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
    """Log a download of one of the delivery's files, or of its corrected files."""
    RecipientVisit.objects.create(
        link=link,
        file=file.name,
        manifest_sha256=file.delivery.manifest_sha256,
        is_corrected=file.delivery_id != link.delivery_id,
    )


def record_numbers(link: RecipientLink, name: str) -> None:
    """Log a download of the numbers that no longer count, which holds no signatures."""
    RecipientVisit.objects.create(link=link, file=name)


def files(delivery: Delivery) -> QuerySet[DeliveryFile]:
    """The files that the recipient can download now.

    None while the delivery is built, if it holds signatures that no longer count, or after its
    files were deleted. Once it was handed over, there are corrected files instead (see
    ``delivery.corrections``).
    """
    stored = delivery.files.exclude(path="")
    if delivery.state not in SHARED or selection.gone_since(delivery):
        return stored.none()
    return stored


def has_downloaded(delivery: Delivery) -> bool:
    """Whether the recipient has downloaded any of the current files."""
    visits = RecipientVisit.objects.filter(link__delivery=delivery).exclude(file="")
    return visits.filter(manifest_sha256=delivery.manifest_sha256).exists()


def get_downloads(delivery: Delivery, current: Delivery | None) -> dict[str, datetime | None]:
    """When the recipient last downloaded files that are out of date, and corrected ones.

    {"earlier", "corrected"}, None for never. ``current`` has the corrected files of now, if any.
    """
    visits = RecipientVisit.objects.filter(link__delivery=delivery).exclude(manifest_sha256="")
    manifest = current.manifest_sha256 if current else ""
    of_now = Q(is_corrected=True, manifest_sha256=manifest)
    return visits.aggregate(earlier=Max("at", filter=~of_now), corrected=Max("at", filter=of_now))
