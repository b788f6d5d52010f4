"""The email to imported people: their signature was moved here (Article 14 of the GDPR).

Organisers send it once per import, if they want to. It leads to the page where people can see,
change or withdraw their signature.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from wagtail_petition.access.petitions import User
from wagtail_petition.ledger import queue_emails
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.signature import Signature


def can_notify(batch: ImportBatch) -> bool:
    """Whether its signers can still be notified: once, and not if they are asked to confirm."""
    return (
        batch.state == ImportBatch.State.DONE
        and batch.mode == ImportBatch.Mode.CONFIRMED
        and batch.told_at is None
    )


def count(batch: ImportBatch) -> int:
    """How many of its signers have an email address."""
    return _with_address(batch).count()


def notify(batch: ImportBatch, user: User) -> int | None:
    """Queue the emails to all signers with an address. Returns how many.

    None if it was done before, or the batch's state doesn't allow it.
    """
    if not can_notify(batch):
        return None
    now = timezone.now()
    with transaction.atomic():
        # Of several users, only the one that marks the batch queues the emails.
        waiting = ImportBatch.objects.filter(pk=batch.pk, state=batch.state, told_at=None)
        if not waiting.update(told_at=now):
            return None
        wanted = _with_address(batch).values_list("pk", "email_key")
        queued = queue_emails(OutgoingEmail.Kind.MOVED, wanted.iterator())
        log(
            batch.petition,
            "wagtail_petition.notify_import",
            user=user,
            data={"import": batch.pk, "count": queued},
        )
    batch.told_at = now
    return queued


def _with_address(batch: ImportBatch) -> QuerySet[Signature]:
    return Signature.objects.filter(
        batch=batch, status=Signature.Status.CONFIRMED, anonymised_at=None
    ).exclude(email_key=None)
