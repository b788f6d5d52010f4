"""The scheduled jobs. Each is safe to repeat and to interrupt."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from . import ledger
from .background.dispatch import SIGNATURES_AT_ONCE, throttled
from .conf import settings
from .delivery import acknowledgement, build, expiry, marking, notifications, recipient_emails
from .exports import breakdowns, run
from .imports import batches
from .imports import run as imports
from .mail import closing_reminder, milestones, reports
from .models import (
    NetworkSecret,
    OutgoingEmail,
    Petition,
    Signature,
    SignedText,
    SpentProof,
    Visit,
)
from .moderation import bulk, erasure, invalidation
from .updates import sending

NETWORK_DAYS = 7
# That organisers were told, and when; without the emails, which hold hashes of their addresses.
NOTICE_DAYS = 30


# A worker sends about this many emails before it checks whether it was asked to stop.
ROUND = 500


def send_mails() -> int:
    """Send queued emails, at most about ``ROUND``. Returns how many were sent: 0 if none are due."""
    notifications.queue_delivered_emails()
    acknowledgement.tell_organisers()
    recipient_emails.queue_reminders()
    milestones.queue_milestones()
    reports.queue_reports()
    return sending.send_updates(limit=ROUND)


def work_off() -> None:
    """Do the work that users wait for: rules, bulk actions, exports, imports, deliveries."""
    invalidation.work_off()
    bulk.work_off()
    run.work_off()
    imports.work_off()
    build.build_queued()
    marking.mark_members()


def housekeeping() -> None:
    """The hourly jobs."""
    closing_reminder.queue_closing_reminders()
    forget_attempts()
    forget_networks()
    run.forget_expired()
    batches.forget_files()
    breakdowns.count_stale()
    anonymise_ended()
    forget_notice_emails()
    erasure.forget_rules()
    expiry.forget_files()
    recipient_emails.forget_addresses()
    expiry.delete_orphans()


def forget_attempts() -> int:
    """Delete signatures not confirmed within UNCONFIRMED_DAYS. Returns how many."""
    before = timezone.now() - timedelta(days=settings.UNCONFIRMED_DAYS)
    old = Signature.objects.filter(status=Signature.Status.UNCONFIRMED, signed_at__lt=before)
    return _in_batches(old.order_by("signed_at"), ledger.forget_attempts)


def forget_networks() -> int:
    """Erase the networks of signatures after a week, and old keys. Returns how many."""
    now = timezone.now()
    Visit.objects.filter(at__lt=now - timedelta(days=1)).delete()
    SpentProof.objects.filter(expires_at__lt=now).delete()
    NetworkSecret.objects.filter(week__lt=(now - timedelta(days=2 * NETWORK_DAYS)).date()).delete()
    ledger.forget_networks_in_rules(now - timedelta(days=NETWORK_DAYS))
    old = Signature.objects.filter(signed_at__lt=now - timedelta(days=NETWORK_DAYS))
    old = old.exclude(network="").order_by("signed_at")
    return _in_batches(old, ledger.forget_networks)


def forget_notice_emails() -> int:
    """Delete emails to organisers after ``NOTICE_DAYS``. Returns how many."""
    before = timezone.now() - timedelta(days=NOTICE_DAYS)
    return _notice_emails(created_at__lt=before).delete()[0]


def _notice_emails(**where):
    # Without a signature first, which has an index.
    kinds = [OutgoingEmail.Kind.MILESTONE, OutgoingEmail.Kind.REPORT]
    return OutgoingEmail.objects.filter(signature=None, kind__in=kinds, **where)


def anonymise_ended() -> int:
    """Erase the personal data whose retention has ended. Returns how many signatures.

    It ends on the petition's date, or on the promised date of the text signed if it is earlier.
    """
    now = timezone.now()
    done = 0
    # Loads each petition just before its work, since dates may change during a long run.
    for pk in list(Petition.objects.order_by("pk").values_list("pk", flat=True)):
        petition = Petition.objects.get(pk=pk)
        for text in _texts_with_data(petition):
            due_at = text.due_at(petition)
            if due_at and due_at <= now:
                done += _erase_signers(text, petition)
        if petition.erase_at and petition.erase_at <= now:
            ledger.forget_petition_in_rules(petition)
            petition.representatives.all().delete()
            _notice_emails(petition=petition).delete()
            Petition.objects.filter(pk=petition.pk, erased_at=None).update(erased_at=now)
    return done


def _texts_with_data(petition):
    """Yield the texts of signatures that still have personal data.

    Each takes one index lookup, however many signatures there are.
    """
    kept = Signature.objects.filter(petition=petition, anonymised_at=None)
    texts = kept.order_by("signed_text").values_list("signed_text", flat=True)
    pk: int | None = 0
    while pk := texts.filter(signed_text__gt=pk).first():
        yield SignedText.objects.get(pk=pk)


def _erase_signers(text, petition):
    kept = Signature.objects.filter(
        petition=petition,
        signed_text=text,
        anonymised_at=None,
        # No more rows if the date was changed meanwhile. The next run decides again.
        petition__erase_at=petition.erase_at,
    ).order_by("pk")
    attempts = kept.filter(status=Signature.Status.UNCONFIRMED)
    for pks in throttled(_ids_in_order(attempts)):
        ledger.forget_attempts(pks)
    others = kept.exclude(status=Signature.Status.UNCONFIRMED)
    return sum(ledger.anonymise(pks, petition=petition) for pks in throttled(_ids_in_order(others)))


def _ids_in_order(signatures):
    """Yield the ids of ``signatures`` in batches, in ascending order.

    Each batch starts after the last id, so that no query scans rows that are already done.
    """
    last = 0
    while pks := list(
        signatures.filter(pk__gt=last).values_list("pk", flat=True)[:SIGNATURES_AT_ONCE]
    ):
        yield pks
        last = pks[-1]


def _in_batches(signatures: QuerySet[Signature], erase: Callable[[list[int]], int]) -> int:
    """Apply ``erase`` to batches of ids until none are left. Returns the sum of its results.

    ``erase`` must change the rows so that ``signatures`` no longer contains them.
    """
    first = signatures.values_list("pk", flat=True)[:SIGNATURES_AT_ONCE]
    return sum(erase(pks) for pks in throttled(iter(lambda: list(first.all()), [])))
