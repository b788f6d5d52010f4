"""The closing reminder: one email to unconfirmed signers, a day before a petition closes."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from wagtail_petition.ledger import queue_emails
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.pages.lookup import find_page

BEFORE = timedelta(hours=24)


def queue_closing_reminders() -> int:
    """Queue the closing reminders of petitions that close within a day. Returns how many."""
    now = timezone.now()
    closing = Petition.objects.filter(
        closes_at__gt=now,
        closes_at__lte=now + BEFORE,
        send_reminder=True,
        last_call_at=None,
    )
    # The link in the email needs a page.
    petitions = [petition for petition in closing if find_page(petition.key)]
    return sum(_queue_closing_reminders(petition.pk, now) for petition in petitions)


@transaction.atomic
def _queue_closing_reminders(petition_pk, now):
    # Of several workers, only the one that marks the petition queues the emails.
    if not Petition.objects.filter(pk=petition_pk, last_call_at=None).update(last_call_at=now):
        return 0
    counted = Signature.objects.filter(
        petition_id=petition_pk,
        email_key=OuterRef("email_key"),
        status__in=[Signature.Status.CONFIRMED, Signature.Status.INVALIDATED],
    )
    # One email per address, about its first attempt.
    attempts = (
        Signature.objects.filter(petition_id=petition_pk, status=Signature.Status.UNCONFIRMED)
        .filter(~Exists(counted))
        .order_by()
        .values("email_key")
        .annotate(first=Min("pk"))
        .values_list("first", "email_key")
    )
    return queue_emails(OutgoingEmail.Kind.LAST_CALL, attempts.iterator(chunk_size=2000))
