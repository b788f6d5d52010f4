"""What has to be done from time to time. Each job is safe to repeat and to interrupt."""

from datetime import timedelta

from django.utils import timezone

from . import ledger
from .admin import bulk, invalidating
from .conf import settings
from .delivery import build, news
from .mail import lastcall, outbox
from .models import NetworkSecret, Petition, Signature, SpentProof, Visit

BATCH = 1000
NETWORK_DAYS = 7


def work_off():
    """Everything that waits: mails, rules, deliveries. Returns how many mails were sent."""
    news.owe_news()
    sent = outbox.drain()
    invalidating.work_off()
    bulk.work_off()
    build.build_queued()
    return sent


def housekeeping():
    """Everything that once an hour is often enough for."""
    lastcall.owe_last_calls()
    forget_attempts()
    forget_networks()
    anonymise_ended()


def forget_attempts():
    """Delete attempts that nobody confirmed within UNCONFIRMED_DAYS. Returns how many."""
    before = timezone.now() - timedelta(days=settings.UNCONFIRMED_DAYS)
    old = Signature.objects.filter(status=Signature.Status.UNCONFIRMED, signed_at__lt=before)
    return _in_batches(old, ledger.erase)


def forget_networks():
    """Forget which network a signature came from, a week after it came, and the old keys."""
    now = timezone.now()
    Visit.objects.filter(at__lt=now - timedelta(days=1)).delete()
    SpentProof.objects.filter(expires_at__lt=now).delete()
    NetworkSecret.objects.filter(week__lt=(now - timedelta(days=2 * NETWORK_DAYS)).date()).delete()
    return ledger.forget_networks(now - timedelta(days=NETWORK_DAYS))


def anonymise_ended():
    """Empty the personal data of petitions whose retention is over. Returns how many signatures."""
    now = timezone.now()
    done = 0
    for petition in Petition.objects.filter(erase_at__lte=now, erased_at=None):
        kept = Signature.objects.filter(petition=petition, anonymised_at=None).exclude(
            status=Signature.Status.UNCONFIRMED
        )
        done += _in_batches(kept, ledger.anonymise)
        Petition.objects.filter(pk=petition.pk).update(erased_at=now)
    return done


def _in_batches(signatures, verb):
    """Apply a verb to all of ``signatures``, which it takes out of the set. Returns how many."""
    done = 0
    petitions = Petition.objects.filter(pk__in=signatures.values("petition").distinct())
    for petition in petitions:
        of_petition = signatures.filter(petition=petition).order_by("pk")
        while pks := list(of_petition.values_list("pk", flat=True)[:BATCH]):
            verb(pks, petition=petition)
            done += len(pks)
    return done
