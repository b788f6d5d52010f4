"""The verbs: the only writer of signatures, counts and tallies.

Each verb is one short transaction. A verb that changes a count locks the petition's row first
and holds it until the commit, so that every number up to N is visible once N is: "signatures 1
to N" is an exact, repeatable set. The lock is taken by writing, which SQLite understands too.
"""

from collections import Counter
from datetime import UTC
from enum import Enum
from functools import partial
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max
from django.db.models.functions import TruncDate
from django.utils import timezone

from . import signals
from .models.outbox import OutgoingEmail
from .models.petition import Petition, Tally
from .models.signature import Signature, SignedText
from .signing.identity import address_hash, email_key

Status = Signature.Status

# What is left of a signature once its person's data is gone. The country, the language, the
# source and the day say nothing about a person, and make counts and tallies recomputable.
EMPTY = {
    "given_name": "",
    "family_name": "",
    "email": "",
    "email_key": None,
    "postcode": "",
    "city": "",
    "region": "",
    "message": "",
    "answers": {},
    "show_name": False,
    "wants_news": False,
    "network": "",
}


class Outcome(Enum):
    """What ``confirm`` found."""

    CONFIRMED = "confirmed"  # it counts from now on
    REPEATED = "repeated"  # it counted already
    DUPLICATE = "duplicate"  # another signature of this address counts
    ENDED = "ended"  # withdrawn or invalidated meanwhile


class Confirmation(NamedTuple):
    """The signature as it is after ``confirm``, and what happened."""

    signature: Signature
    outcome: Outcome


def sign(page, *, email, network="", **personal):
    """Keep an attempt to sign ``page`` and owe its confirmation mail.

    ``email`` is normalised (``identity.normalise_email``), ``network`` a keyed hash, and
    ``personal`` the fields of ``Signature`` that the person filled in. Nothing depends on
    whether the address has signed before: an attempt is an attempt. Returns the signature.
    """
    key = email_key(email)
    with transaction.atomic():
        petition = _petition_of(page)
        signature = Signature.objects.create(
            petition=petition,
            signed_text=_keep(page.get_text_to_sign()),
            language=page.language,
            email=email,
            email_key=key,
            network=network,
            signed_at=timezone.now(),
            **personal,
        )
        _owe(signature, OutgoingEmail.Kind.CONFIRM)
        _announce(signals.signature_created, signature)
    return signature


def send_confirmation_again(signature):
    """Owe another confirmation mail for an attempt; does nothing once it is more than that."""
    if signature.status == Status.UNCONFIRMED:
        _owe(signature, OutgoingEmail.Kind.CONFIRM)


def sign_with_other_address(signature, email):
    """Keep a new attempt like ``signature``, with another (normalised) address; owe its mail.

    The first attempt stays as it is: its link, if it ever arrives, still shows its own content.
    Returns the new attempt, or ``signature`` itself if it is no attempt any more.
    """
    if signature.status != Status.UNCONFIRMED:
        return signature
    with transaction.atomic():
        signature.pk = None
        signature._state.adding = True
        signature.email, signature.email_key = email, email_key(email)
        signature.signed_at = timezone.now()
        signature.save(force_insert=True)
        _owe(signature, OutgoingEmail.Kind.CONFIRM)
        _announce(signals.signature_created, signature)
    return signature


def confirm(signature):
    """Let ``signature`` count: give it the next number, raise the count, owe the receipt.

    Safe to repeat, from any number of processes at once: the first confirmation of an address
    wins, decided by the database's unique constraint. Returns a ``Confirmation``.
    """
    try:
        with transaction.atomic():
            petition = _lock(signature.petition_id)
            signature = Signature.objects.select_related("petition", "signed_text").get(
                pk=signature.pk
            )
            if signature.status == Status.CONFIRMED:
                return Confirmation(signature, Outcome.REPEATED)
            if signature.status != Status.UNCONFIRMED:
                return Confirmation(signature, Outcome.ENDED)
            signature.status = Status.CONFIRMED
            signature.number = petition.last_number + 1
            signature.confirmed_at = timezone.now()
            signature.save(update_fields=["status", "number", "confirmed_at"])
            _count(petition, [signature], +1, last_number=signature.number)
            _owe(signature, OutgoingEmail.Kind.RECEIPT)
            _announce(signals.signature_confirmed, signature)
    except IntegrityError:
        # Whatever else could conflict is a fault, not a duplicate.
        if not _counts_already(signature):
            raise
        return Confirmation(
            Signature.objects.select_related("petition", "signed_text").get(pk=signature.pk),
            Outcome.DUPLICATE,
        )
    signature.petition = petition
    return Confirmation(signature, Outcome.CONFIRMED)


def withdraw(signature):
    """Take back what a person signed: erase their data, lower the count, keep the number as a gap.

    An attempt that was never confirmed is deleted. Safe to repeat. Returns whether it counted.
    """
    with transaction.atomic():
        counted = erase([signature.pk], petition=signature.petition)
        _announce(signals.signature_withdrawn, signature)
    return bool(counted)


def set_show_name(signature, show_name):
    """Show or hide the name in public."""
    Signature.objects.filter(pk=signature.pk, anonymised_at=None).exclude(
        status=Status.WITHDRAWN
    ).update(show_name=show_name)


def set_wants_news(signature, wants_news):
    """Start or stop news to the signer."""
    Signature.objects.filter(pk=signature.pk, anonymised_at=None).exclude(
        status=Status.WITHDRAWN
    ).update(wants_news=wants_news)


def invalidate(pks, *, petition):
    """Strike out confirmed signatures, reversibly: data and number stay. Returns how many."""
    return _move(petition, pks, Status.CONFIRMED, Status.INVALIDATED, -1, ended_at=timezone.now())


def restore(pks, *, petition):
    """Take signatures that were struck out in again, with their numbers. Returns how many."""
    return _move(petition, pks, Status.INVALIDATED, Status.CONFIRMED, +1, ended_at=None)


def erase(pks, *, petition):
    """Erase the persons' data: confirmed signatures become withdrawn, attempts are deleted.

    Mails still owed to them and the record of those sent go too. Returns how many counted.
    """
    with transaction.atomic():
        locked = _lock(petition.pk)
        found = Signature.objects.filter(petition=petition, pk__in=pks)
        counted = list(found.filter(status=Status.CONFIRMED))
        now = timezone.now()
        OutgoingEmail.objects.filter(signature__in=found).delete()
        found.filter(status=Status.UNCONFIRMED).delete()
        found.filter(status=Status.INVALIDATED).update(**EMPTY)
        found.filter(pk__in=[s.pk for s in counted]).update(
            status=Status.WITHDRAWN, ended_at=now, **EMPTY
        )
        _count(locked, counted, -1)
    return len(counted)


def anonymise(pks, *, petition):
    """Empty the persons' data of signatures that go on counting. Returns how many."""
    with transaction.atomic():
        _lock(petition.pk)
        found = Signature.objects.filter(petition=petition, pk__in=pks, anonymised_at=None)
        OutgoingEmail.objects.filter(signature__in=found).delete()
        return found.exclude(status=Status.UNCONFIRMED).update(
            anonymised_at=timezone.now(), **EMPTY
        )


def forget_networks(before):
    """Empty the network of signatures signed before a moment. Returns how many."""
    return Signature.objects.filter(signed_at__lt=before).exclude(network="").update(network="")


def record_import(petition, signatures):
    """Record confirmed signatures from elsewhere, in order, nobody twice and nobody mailed.

    ``signatures`` are unsaved, with ``email``, ``signed_at`` and ``confirmed_at``. Who has
    signed already, or stands in the list before, is left out. Returns those recorded.
    """
    with transaction.atomic():
        locked = _lock(petition.pk)
        for signature in signatures:
            signature.email_key = email_key(signature.email)
        held = _held_keys(petition, [s.email_key for s in signatures])
        fresh = []
        for signature in signatures:
            if signature.email_key not in held:
                held.add(signature.email_key)
                fresh.append(signature)
        for number, signature in enumerate(fresh, locked.last_number + 1):
            signature.petition = petition
            signature.status = Status.CONFIRMED
            signature.number = number
        Signature.objects.bulk_create(fresh, batch_size=2000)
        _count(locked, fresh, +1, last_number=locked.last_number + len(fresh))
    return fresh


def ensure_petition(page):
    """The petition ``page`` shows, created if this is the first that is heard of it.

    Its label is the title in the language in which it was first published. Returns it.
    """
    with transaction.atomic():
        return _petition_of(page)


def recount(petition, *, repair=False):
    """Compare what is kept of ``petition`` with its signatures, and write it right if asked to.

    Returns the differences as (what, kept, counted).
    """
    with transaction.atomic():
        locked = _lock(petition.pk)
        confirmed = Signature.objects.filter(petition=petition, status=Status.CONFIRMED)
        counted = Counter(
            {
                (row["day"], row["country"], row["language"], row["source"]): row["count"]
                for row in confirmed.order_by()
                .values("country", "language", "source", day=TruncDate("confirmed_at", tzinfo=UTC))
                .annotate(count=Count("pk"))
            }
        )
        tallies = {(t.day, t.country, t.language, t.source): t for t in locked.tallies.all()}
        kept = {cell: tally.count for cell, tally in tallies.items()}
        highest = Signature.objects.filter(petition=petition).aggregate(Max("number"))
        # Numbers are never reused, so a last number beyond the highest is right as it is.
        last_number = max(highest["number__max"] or 0, locked.last_number)
        pairs = [
            ("signatures", locked.signature_count, counted.total()),
            ("last number", locked.last_number, last_number),
        ]
        pairs += [
            ("tally of " + ", ".join(map(str, cell)), kept.get(cell, 0), counted[cell])
            for cell in sorted(kept.keys() | counted.keys(), key=str)
        ]
        differences = [pair for pair in pairs if pair[1] != pair[2]]
        if repair and differences:
            locked.signature_count, locked.last_number = counted.total(), last_number
            locked.save(update_fields=["signature_count", "last_number"])
            locked.tallies.all().delete()
            Tally.objects.bulk_create(
                Tally(
                    petition=locked,
                    day=day,
                    country=country,
                    language=language,
                    source=source,
                    count=count,
                )
                for (day, country, language, source), count in counted.items()
            )
    return differences


# Parts of the verbs. Each runs within a verb's transaction.


def _petition_of(page):
    petition = page.petition
    if petition.pk is None:
        page.petition, _created = Petition.objects.get_or_create(
            key=petition.key, defaults={"title": page.title}
        )
    return page.petition


def _keep(text):
    kept = SignedText.objects.filter(sha256=text.sha256).first()
    if kept:
        return kept
    SignedText.objects.bulk_create([text], ignore_conflicts=True)
    return SignedText.objects.get(sha256=text.sha256)


def _lock(petition_pk):
    Petition.objects.filter(pk=petition_pk).update(last_number=F("last_number"))
    return Petition.objects.get(pk=petition_pk)


def _move(petition, pks, before, after, sign, **changes):
    with transaction.atomic():
        locked = _lock(petition.pk)
        found = list(Signature.objects.filter(petition=petition, pk__in=pks, status=before))
        moved = Signature.objects.filter(pk__in=[s.pk for s in found])
        moved.update(status=after, **changes)
        _count(locked, found, sign)
    return len(found)


def _count(petition, signatures, sign, **changes):
    """Move the count and the tallies of a locked ``petition`` by these signatures."""
    petition.signature_count += sign * len(signatures)
    for name, value in changes.items():
        setattr(petition, name, value)
    petition.save(update_fields=["signature_count", *changes])
    for cell, number in Counter(map(tally_cell, signatures)).items():
        tallies = Tally.objects.filter(petition=petition, **dict(cell))
        if not tallies.update(count=F("count") + sign * number):
            Tally.objects.create(petition=petition, count=sign * number, **dict(cell))


def tally_cell(signature):
    """Which tally a confirmed signature is in: (field, value) pairs."""
    return (
        ("day", signature.confirmed_at.astimezone(UTC).date()),
        ("country", str(signature.country or "")),
        ("language", signature.language),
        ("source", signature.source),
    )


def _held_keys(petition, keys):
    """Those of ``keys`` that one of the petition's signatures holds. Asked for in batches, since
    a database takes only so many parameters."""
    held = set()
    for start in range(0, len(keys), 500):
        held.update(
            Signature.objects.filter(
                petition=petition,
                email_key__in=keys[start : start + 500],
                status__in=[Status.CONFIRMED, Status.INVALIDATED],
            ).values_list("email_key", flat=True)
        )
    return held


def _counts_already(signature):
    return bool(_held_keys(signature.petition, [signature.email_key]))


def _owe(signature, kind):
    OutgoingEmail.objects.create(
        signature=signature,
        kind=kind,
        due_at=timezone.now(),
        address_hash=address_hash(signature.email_key),
    )


def _announce(signal, signature):
    # Robust: what a receiver does wrong is logged, and can't undo what is already stored.
    transaction.on_commit(partial(signal.send_robust, sender=Signature, signature=signature))
