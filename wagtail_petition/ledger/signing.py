"""What a signer does: sign, confirm, change a choice, withdraw."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from wagtail_petition import signals
from wagtail_petition.conf import settings
from wagtail_petition.identity.emails import email_key
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.pages.mixin import PetitionPageMixin

from .counting import count_one, held_keys, move_tallies
from .emails import queue_email
from .helpers import bump_public_version, get_or_create_text, get_petition, send_on_commit
from .organising import erase

Status = Signature.Status

# Attempts of one mailbox that a link shows besides its own.
MOST_SHOWN = 20
# What makes two attempts of one mailbox different things to confirm.
SIGNED_FIELDS = (
    *("given_name", "family_name", "country", "postcode", "city", "region", "message"),
    *("answers", "show_name", "wants_news", "signed_text_id"),
)


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


def sign(page: PetitionPageMixin, *, email: str, network: str = "", **personal: Any) -> Signature:
    """Keep an attempt to sign ``page`` and owe its confirmation mail.

    ``email`` is normalised (``identity.emails.normalise_email``), ``network`` a keyed hash, and
    ``personal`` the fields of ``Signature`` that the person filled in. Nothing depends on
    whether the address has signed before: an attempt is an attempt. Returns the signature.
    """
    key = email_key(email)
    with transaction.atomic():
        petition = get_petition(page)
        signature = Signature.objects.create(
            petition=petition,
            signed_text=get_or_create_text(page.get_text_to_sign()),
            language=page.language,
            email=email,
            email_key=key,
            network=network,
            signed_at=timezone.now(),
            **personal,
        )
        queue_email(signature, OutgoingEmail.Kind.CONFIRM)
        send_on_commit(signals.signature_created, signature)
    return signature


def send_confirmation_again(signature: Signature) -> bool:
    """Queue another confirmation email for a signature. Returns whether it was queued.

    Also for one that was confirmed meanwhile: its signer is then told that it counts. Not for one
    that ended, and not more often than ``may_send_again_at`` says.
    """
    if signature.status not in (Status.UNCONFIRMED, Status.CONFIRMED):
        return False
    if may_send_again_at(signature):
        return False
    queue_email(signature, OutgoingEmail.Kind.CONFIRM)
    return True


def may_send_again_at(signature: Signature) -> datetime | None:
    """From when another confirmation email may be asked for, None for at once.

    Counts what was queued for this signature alone, so it tells nobody what else its address got
    or whether it had signed.
    """
    day = timedelta(days=1)
    most = max(1, settings.MAILS_PER_ADDRESS - 1)
    queued = OutgoingEmail.objects.filter(
        signature=signature.pk,
        kind__in=[OutgoingEmail.Kind.CONFIRM, OutgoingEmail.Kind.ALREADY_SIGNED],
        created_at__gt=timezone.now() - day,
    )
    moments = list(queued.order_by("-created_at").values_list("created_at", flat=True)[:most])
    return moments[-1] + day if len(moments) == most else None


def open_attempts(signature: Signature) -> list[Signature]:
    """The attempts that wait in one mailbox for this petition, ``signature`` first, then the
    newest: who follows a link to one of them may confirm any.

    Only of the same spelling: another one might be another mailbox. At most ``MOST_SHOWN``, and
    of equal ones one.
    """
    attempts = Signature.objects.select_related("petition", "signed_text").filter(
        petition=signature.petition_id, email=signature.email, status=Status.UNCONFIRMED
    )
    others = attempts.exclude(pk=signature.pk).order_by("-pk")[:MOST_SHOWN]
    different: dict[tuple[str, ...], Signature] = {}
    for attempt in (signature, *others):
        different.setdefault(_content(attempt), attempt)
    return list(different.values())


def _content(signature: Signature) -> tuple[str, ...]:
    return tuple(str(getattr(signature, name)) for name in SIGNED_FIELDS)


def send_receipt_again(signature: Signature) -> None:
    """Queue another receipt, with a new link to the signature; one in 24 hours at most."""
    since = timezone.now() - timedelta(hours=24)
    receipts = signature.emails.filter(kind=OutgoingEmail.Kind.RECEIPT, created_at__gt=since)
    if signature.status == Status.CONFIRMED and not receipts.exists():
        queue_email(signature, OutgoingEmail.Kind.RECEIPT)


def sign_with_other_address(signature: Signature, email: str, network: str = "") -> Signature:
    """Keep a new attempt like ``signature``, with another (normalised) address; owe its mail.

    ``network`` is a keyed hash of where it comes from, as in ``sign``.

    The first attempt stays as it is: its link, if it ever arrives, still shows its own content.
    Returns the new attempt, or ``signature`` itself if it is no attempt any more.
    """
    if signature.status != Status.UNCONFIRMED:
        return signature
    with transaction.atomic():
        signature.pk = None
        signature._state.adding = True
        signature.email, signature.email_key = email, email_key(email)
        signature.network = network
        signature.signed_at = timezone.now()
        signature.save(force_insert=True)
        queue_email(signature, OutgoingEmail.Kind.CONFIRM)
        send_on_commit(signals.signature_created, signature)
    return signature


def confirm(signature: Signature) -> Confirmation:
    """Let ``signature`` count: give it the next number, raise the count, owe the receipt.

    Safe to repeat, from any number of processes at once: the first confirmation of an address
    wins, decided by the database's unique constraint. Returns a ``Confirmation``.
    """
    try:
        with transaction.atomic():
            # First, since from the number on all others who confirm wait for the commit.
            queue_email(signature, OutgoingEmail.Kind.RECEIPT)
            send_on_commit(signals.signature_confirmed, signature)
            counted = count_one(signature.petition_id)
            changes = {
                "number": counted["last_number"],
                "status": Status.CONFIRMED,
                "confirmed_at": timezone.now(),
            }
            attempt = Signature.objects.filter(pk=signature.pk, status=Status.UNCONFIRMED)
            if not attempt.update(**changes):
                raise _NoAttempt
            _take_over(signature, changes)
            move_tallies(signature.petition_id, [signature], +1)
    except _NoAttempt:
        signature = _read_again(signature)
        repeated = signature.status == Status.CONFIRMED
        return Confirmation(signature, Outcome.REPEATED if repeated else Outcome.ENDED)
    except IntegrityError:
        # Whatever else could conflict is a fault, not a duplicate.
        if not _counts_already(signature):
            raise
        return Confirmation(_read_again(signature), Outcome.DUPLICATE)
    _take_over(signature.petition, counted)
    return Confirmation(signature, Outcome.CONFIRMED)


def _take_over(instance: Model, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(instance, name, value)


class _NoAttempt(Exception):
    """Takes back what a confirmation began, since the signature is no attempt any more."""


def _read_again(signature: Signature) -> Signature:
    # An attempt may be gone by now, by its person's wish or for its age: then as it was.
    again = Signature.objects.select_related("petition", "signed_text").filter(pk=signature.pk)
    return again.first() or signature


def _counts_already(signature: Signature) -> bool:
    return bool(held_keys(signature.petition, [signature.email_key]))


def withdraw(signature: Signature) -> bool:
    """Take back what a person signed: erase their data, lower the count, keep the number as a gap.

    An attempt that was never confirmed is deleted. Safe to repeat. Returns whether it counted.
    """
    with transaction.atomic():
        counted = erase([signature.pk], petition=signature.petition)
        if counted:
            send_on_commit(signals.signature_withdrawn, Signature.objects.get(pk=signature.pk))
    return bool(counted)


def set_show_name(signature: Signature, show_name: bool) -> None:
    """Show or hide the name in public."""
    with transaction.atomic():
        # First, since it locks the petition: all verbs lock in this order.
        bump_public_version(signature.petition_id)
        Signature.objects.filter(pk=signature.pk, anonymised_at=None).exclude(
            status=Status.WITHDRAWN
        ).update(show_name=show_name)


def set_wants_news(signature: Signature, wants_news: bool) -> None:
    """Start or stop news to the signer."""
    Signature.objects.filter(pk=signature.pk, anonymised_at=None).exclude(
        status=Status.WITHDRAWN
    ).update(wants_news=wants_news)


def ensure_petition(page: PetitionPageMixin) -> Petition:
    """The petition ``page`` shows, created if this is the first that is heard of it."""
    return get_petition(page)
