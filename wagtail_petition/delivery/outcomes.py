"""Record what came of a delivery, show it in public or not, and erase its texts."""

from collections.abc import Mapping
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_petition import ledger
from wagtail_petition.access.petitions import User
from wagtail_petition.models import Delivery, DeliveryOutcome
from wagtail_petition.storage import private_storage

from .lifecycle import WrongState, forget_upload, store_upload


def add(
    delivery: Delivery,
    *,
    user: User | None,
    kind: str,
    day: date,
    texts: Mapping[str, str],
    document: UploadedFile | None = None,
    is_public: bool = False,
) -> DeliveryOutcome:
    """Record what came of a delivery that was handed over. Earlier outcomes stay as they are.

    ``texts`` are {language: text}; empty ones are left out. ``document`` is stored in the private
    storage. Raises ``WrongState`` if the delivery wasn't handed over.
    """
    handed_over = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.DELIVERED)
    if not handed_over.exists():
        raise WrongState(_("You can record an outcome after it was marked as delivered."))
    path = store_upload(delivery, document, "document")
    try:
        with transaction.atomic():
            outcome = DeliveryOutcome.objects.create(
                delivery=delivery,
                user=user,
                kind=kind,
                day=day,
                texts={language: text for language, text in texts.items() if text},
                document=path,
                is_public=is_public,
            )
            if is_public:
                ledger.bump_public_version(delivery.petition_id)
    except BaseException:
        if path:
            private_storage().delete(path)
        raise
    return outcome


@transaction.atomic
def show(outcome: DeliveryOutcome, *, is_public: bool) -> bool:
    """Show an outcome on the petition's page, or don't. Returns False if it was so before."""
    other = DeliveryOutcome.objects.filter(pk=outcome.pk).exclude(is_public=is_public)
    if not other.update(is_public=is_public):
        return False
    ledger.bump_public_version(outcome.delivery.petition_id)
    return True


@transaction.atomic
def erase(outcome: DeliveryOutcome, *, user: User | None) -> None:
    """Erase an outcome's texts and document, for somebody whom they name. The rest stays.

    Raises ``WrongState`` if they were erased before.
    """
    erased = DeliveryOutcome.objects.filter(pk=outcome.pk, erased_at=None).update(
        texts={}, document="", erased_at=timezone.now(), erased_by=user
    )
    forget_upload(erased, outcome.delivery, outcome.document)
    ledger.bump_public_version(outcome.delivery.petition_id)
