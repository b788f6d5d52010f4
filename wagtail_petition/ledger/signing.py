"""A signer's changes: sign, confirm, change a choice, withdraw."""

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
from .salts import new_salt

Status = Signature.Status

# How many other attempts of the same mailbox a link shows.
MOST_SHOWN = 20
# Attempts of one mailbox that agree in these fields are shown once.
SIGNED_FIELDS = (
    *("given_name", "family_name", "country", "postcode", "city", "region", "message"),
    *("home_country", "home_region", "home_district", "home_place", "home_tie"),
    *("answers", "show_name", "wants_news", "signed_text_id"),
)


class Outcome(Enum):
    """The result of ``confirm``."""

    CONFIRMED = "confirmed"  # it now counts
    REPEATED = "repeated"  # it had been confirmed before
    DUPLICATE = "duplicate"  # the address has another confirmed or invalidated signature
    ENDED = "ended"  # it has been withdrawn, invalidated or deleted


class Confirmation(NamedTuple):
    """The signature after ``confirm``, and the outcome."""

    signature: Signature
    outcome: Outcome


def sign(page: PetitionPageMixin, *, email: str, network: str = "", **personal: Any) -> Signature:
    """Store an unconfirmed signature of ``page``, and queue its confirmation email.

    ``email`` is normalised (``identity.emails.normalise_email``), ``network`` is a keyed hash,
    and ``personal`` holds the other fields of ``Signature`` from the form. An address that has
    already signed is treated like any other. Returns the signature.
    """
    with transaction.atomic():
        return sign_in_transaction(page, email=email, network=network, **personal)


def sign_in_transaction(
    page: PetitionPageMixin, *, email: str, network: str, **personal: Any
) -> Signature:
    """``sign`` in the caller's transaction, which an error must roll back.

    A transaction of its own within that would take two more statements.
    """
    petition = get_petition(page)
    signature = Signature.objects.create(
        petition=petition,
        signed_text=get_or_create_text(page.get_text_to_sign()),
        language=page.language,
        email=email,
        email_key=email_key(email),
        network=network,
        signed_at=timezone.now(),
        **personal,
    )
    queue_email(signature, OutgoingEmail.Kind.CONFIRM)
    send_on_commit(signals.signature_created, signature)
    return signature


def send_confirmation_again(signature: Signature) -> bool:
    """Queue another confirmation email for a signature. Returns whether it was queued.

    To the signer of a confirmed signature, the email will say that it counts. Withdrawn and
    invalidated signatures get none. ``may_send_again_at`` limits how often.
    """
    if signature.status not in (Status.UNCONFIRMED, Status.CONFIRMED):
        return False
    if may_send_again_at(signature):
        return False
    queue_email(signature, OutgoingEmail.Kind.CONFIRM)
    return True


def may_send_again_at(signature: Signature) -> datetime | None:
    """When another confirmation email can be requested; None if now.

    Only emails for this signature count. So the limit reveals neither other emails to the
    address nor whether it had signed before.
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
    """The unconfirmed signatures of one mailbox and petition: ``signature``, then the newest.

    A link to one of them can confirm any of them. Addresses must be spelled the same, because
    another spelling may be another mailbox. At most ``MOST_SHOWN`` others, without repeats.
    """
    attempts = Signature.objects.select_related("petition", "signed_text").filter(
        petition=signature.petition_id,
        # The key has an index. Without it, all unconfirmed signatures would be read.
        email_key=signature.email_key,
        email=signature.email,
        status=Status.UNCONFIRMED,
    )
    others = attempts.exclude(pk=signature.pk).order_by("-pk")[:MOST_SHOWN]
    different: dict[tuple[str, ...], Signature] = {}
    for attempt in (signature, *others):
        different.setdefault(_content(attempt), attempt)
    return list(different.values())


def _content(signature: Signature) -> tuple[str, ...]:
    return tuple(str(getattr(signature, name)) for name in SIGNED_FIELDS)


def send_receipt_again(signature: Signature) -> None:
    """Queue another receipt with a new link to the signature, at most one in 24 hours."""
    since = timezone.now() - timedelta(hours=24)
    receipts = signature.emails.filter(kind=OutgoingEmail.Kind.RECEIPT, created_at__gt=since)
    if signature.status == Status.CONFIRMED and not receipts.exists():
        queue_email(signature, OutgoingEmail.Kind.RECEIPT)


def sign_with_other_address(signature: Signature, email: str, network: str = "") -> Signature:
    """Store a copy of an unconfirmed signature with another address, and queue its email.

    ``email`` is normalised and ``network`` is a keyed hash, as in ``sign``. The first signature
    stays, so its link still works if the first email arrives after all.

    Returns the copy, or ``signature`` itself if it isn't unconfirmed any more.
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
    """Confirm ``signature``: give it the next number, raise the count, queue the receipt.

    Safe to repeat, also from several processes at once. If an address has several attempts, the
    first one confirmed wins; the database's unique constraint decides.
    """
    try:
        with transaction.atomic():
            # Before count_one, because other confirmations wait from there until the commit.
            queue_email(signature, OutgoingEmail.Kind.RECEIPT)
            send_on_commit(signals.signature_confirmed, signature)
            counted = count_one(signature.petition_id)
            changes = {
                "number": counted["last_number"],
                "status": Status.CONFIRMED,
                "confirmed_at": timezone.now(),
                "salt": new_salt(),
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
        # A conflict with anything but a signature of the same address is a bug.
        if not _counts_already(signature):
            raise
        return Confirmation(_read_again(signature), Outcome.DUPLICATE)
    _take_over(signature.petition, counted)
    return Confirmation(signature, Outcome.CONFIRMED)


def _take_over(instance: Model, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(instance, name, value)


class _NoAttempt(Exception):
    """Rolls a confirmation back: the signature isn't unconfirmed any more."""


def _read_again(signature: Signature) -> Signature:
    # It may have been deleted in the meantime: then the stale instance is returned.
    again = Signature.objects.select_related("petition", "signed_text").filter(pk=signature.pk)
    return again.first() or signature


def _counts_already(signature: Signature) -> bool:
    return bool(held_keys(signature.petition, [signature.email_key]))


def withdraw(signature: Signature) -> bool:
    """Withdraw a signature: erase the personal data, lower the count, leave the number as a gap.

    An unconfirmed signature is deleted. Safe to repeat. Returns whether the signature counted.
    """
    with transaction.atomic():
        counted = erase([signature.pk], petition=signature.petition)
        if counted:
            send_on_commit(signals.signature_withdrawn, Signature.objects.get(pk=signature.pk))
    return bool(counted)


def set_show_name(signature: Signature, show_name: bool) -> None:
    """Set whether the name is public."""
    with transaction.atomic():
        # First, because all functions lock the petition before its signatures.
        bump_public_version(signature.petition_id)
        Signature.objects.filter(pk=signature.pk, anonymised_at=None).exclude(
            status=Status.WITHDRAWN
        ).update(show_name=show_name)


def set_wants_news(signature: Signature, wants_news: bool) -> None:
    """Set whether the signer gets updates. Who wants them again has a mailbox that works."""
    changes = {"email_state": Signature.EmailState.OK} if wants_news else {}
    Signature.objects.filter(pk=signature.pk, anonymised_at=None).exclude(
        status=Status.WITHDRAWN
    ).update(wants_news=wants_news, **changes)


def ensure_petition(page: PetitionPageMixin) -> Petition:
    """The petition of ``page``, created if it doesn't exist yet."""
    return get_petition(page)
