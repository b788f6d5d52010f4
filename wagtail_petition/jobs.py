"""What has to be done from time to time. Each job is safe to repeat and to interrupt."""

from datetime import timedelta

from django.utils import timezone

from . import ledger
from .background.dispatch import BATCH, throttled
from .conf import settings
from .delivery import build, expiry, marking, notifications
from .exports import breakdowns, run
from .imports import batches
from .imports import run as imports
from .mail import closing_reminder, sender
from .models import NetworkSecret, Petition, Signature, SignedText, SpentProof, Visit
from .moderation import bulk, invalidation

NETWORK_DAYS = 7


def send_mails():
    """Send the mails that are owed. Returns how many were sent."""
    notifications.owe_news()
    return sender.drain()


def work_off():
    """Do what people in the admin wait for: rules, acts on many signatures, exports, imports,
    deliveries."""
    invalidation.work_off()
    bulk.work_off()
    run.work_off()
    imports.work_off()
    build.build_queued()
    marking.mark_members()


def housekeeping():
    """Everything that once an hour is often enough for."""
    closing_reminder.owe_last_calls()
    forget_attempts()
    forget_networks()
    run.forget_expired()
    batches.forget_files()
    breakdowns.count_stale()
    anonymise_ended()
    ledger.forget_rules()
    expiry.forget_files()
    expiry.delete_orphans()


def forget_attempts():
    """Delete attempts that nobody confirmed within UNCONFIRMED_DAYS. Returns how many."""
    before = timezone.now() - timedelta(days=settings.UNCONFIRMED_DAYS)
    old = Signature.objects.filter(status=Signature.Status.UNCONFIRMED, signed_at__lt=before)
    return _in_batches(old.order_by("signed_at"), ledger.forget_attempts)


def forget_networks():
    """Forget which network a signature came from, a week after it came, and the old keys."""
    now = timezone.now()
    Visit.objects.filter(at__lt=now - timedelta(days=1)).delete()
    SpentProof.objects.filter(expires_at__lt=now).delete()
    NetworkSecret.objects.filter(week__lt=(now - timedelta(days=2 * NETWORK_DAYS)).date()).delete()
    ledger.forget_networks_in_rules(now - timedelta(days=NETWORK_DAYS))
    old = Signature.objects.filter(signed_at__lt=now - timedelta(days=NETWORK_DAYS))
    old = old.exclude(network="").order_by("signed_at")
    return _in_batches(old, ledger.forget_networks)


def anonymise_ended():
    """Empty the personal data whose time has come. Returns how many signatures.

    That is so for all of a petition once its retention is over, and before that for people who
    were promised an earlier day. Safe to repeat: whoever signs later has a time of their own.
    """
    now = timezone.now()
    done = 0
    # Each is read when its turn comes: this may take long, and dates are moved meanwhile.
    for pk in list(Petition.objects.order_by("pk").values_list("pk", flat=True)):
        petition = Petition.objects.get(pk=pk)
        for text in _texts_with_data(petition):
            due_at = text.due_at(petition)
            if due_at and due_at <= now:
                done += _erase_signers(text, petition)
        if petition.erase_at and petition.erase_at <= now:
            ledger.forget_petition_in_rules(petition)
            Petition.objects.filter(pk=petition.pk, erased_at=None).update(erased_at=now)
    return done


def _texts_with_data(petition):
    """The texts of those signatures that still have personal data, one after the other.

    Each is one look into an index, however many have signed.
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
        # The date may be moved while this goes on: then the next run decides anew.
        petition__erase_at=petition.erase_at,
    ).order_by("pk")
    attempts = kept.filter(status=Signature.Status.UNCONFIRMED)
    for pks in throttled(_onwards(attempts)):
        ledger.forget_attempts(pks)
    others = kept.exclude(status=Signature.Status.UNCONFIRMED)
    return sum(ledger.anonymise(pks, petition=petition) for pks in throttled(_onwards(others)))


def _onwards(signatures):
    """The ids of ``signatures``, in the order of ids, in batches that never look back.

    Whichever index the database goes along, it passes no row twice.
    """
    last = 0
    while pks := list(signatures.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        yield pks
        last = pks[-1]


def _in_batches(signatures, verb):
    """Apply ``verb`` to the ids of ``signatures``, which it takes out of them. Returns how many."""
    first = signatures.values_list("pk", flat=True)[:BATCH]
    return sum(verb(pks) for pks in throttled(iter(lambda: list(first.all()), [])))
