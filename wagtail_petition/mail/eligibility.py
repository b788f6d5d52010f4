"""Decide whether a queued email is still sent, as which kind, and when.

The signature, the petition and the address may have changed since the email was queued.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from wagtail_petition.conf import settings
from wagtail_petition.identity.hashing import known_address_hashes
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.signature import Signature

from .opt_out import is_opted_out

Kind, State, Status = OutgoingEmail.Kind, OutgoingEmail.State, Signature.Status

TO_CONFIRM = [Kind.CONFIRM, Kind.REMINDER, Kind.LAST_CALL]
# Anybody can trigger these by typing an address, so the limit per address counts them.
UNASKED = [*TO_CONFIRM, Kind.ALREADY_SIGNED]
# Kinds that the signer waits for. Above the limit they are postponed, the others are dropped.
WAITED_FOR = [Kind.CONFIRM]
# Kinds that the signer didn't ask for. Addresses that opted out get none.
OF_OUR_OWN_ACCORD = [Kind.REMINDER, Kind.LAST_CALL, Kind.DELIVERED, Kind.MOVED]

DAY = timedelta(days=1)
# An email that has waited longer was postponed, or the mail server was down.
SOON = timedelta(hours=1)
# An email that the limit per address would delay for longer is dropped.
PATIENCE = timedelta(days=2)
# Emails per day to an address that opted out.
MOST_TO_OPTED_OUT = 1


class Send(NamedTuple):
    """Send the email now, as ``kind``, about ``signature``.

    ``opted_out`` is whether the address opted out of emails.
    """

    kind: str
    signature: Signature
    opted_out: bool = False


class Postpone(NamedTuple):
    """Send the email later, because the address has reached its limit."""

    until: datetime


def what_to_send(mail: OutgoingEmail, page) -> Send | Postpone | None:
    """Whether to send ``mail``: a ``Send``, a ``Postpone``, or None to drop it.

    ``page`` is the petition's page in the signature's language, None if there is none.
    """
    signature = mail.signature
    if page is None or not signature.email:
        return None
    opted_out = is_opted_out(signature.email)
    if opted_out and mail.kind in OF_OUR_OWN_ACCORD:
        return None
    what = _what_is_true(mail, page)
    if what is None or mail.kind not in UNASKED:
        return Send(*what) if what else None
    until = free_at(mail, MOST_TO_OPTED_OUT if opted_out else settings.MAILS_PER_ADDRESS)
    has_waited = timezone.now() > mail.created_at + SOON
    if (until or has_waited) and _is_repeated(mail):
        return None
    if until is None:
        return Send(*what, opted_out=opted_out)
    if mail.kind not in WAITED_FOR or until > mail.created_at + PATIENCE:
        return None
    return Postpone(until)


def _what_is_true(mail, page):
    """The kind of email that fits now and its signature, or None if there is nothing to say."""
    signature = mail.signature
    if mail.kind not in TO_CONFIRM:
        return (mail.kind, signature) if signature.status == Status.CONFIRMED else None
    if mail.kind == Kind.CONFIRM and signature.status == Status.CONFIRMED:
        # Only an email requested after the confirmation is still useful.
        asked_after = mail.created_at > signature.confirmed_at
        return (Kind.ALREADY_SIGNED, signature) if asked_after else None
    if signature.status != Status.UNCONFIRMED or not page.can_confirm():
        return None
    if mail.kind == Kind.REMINDER and _is_superseded(mail):
        return None
    counted = Signature.objects.filter(
        petition=signature.petition, email_key=signature.email_key, status=Status.CONFIRMED
    ).first()
    if counted is None:
        return mail.kind, signature
    # About ``counted``, so the email goes to the address that signed: another spelling of it may
    # belong to another person.
    return (Kind.ALREADY_SIGNED, counted) if mail.kind == Kind.CONFIRM else None


def free_at(mail: OutgoingEmail, most: int) -> datetime | None:
    """When the limit per address lets ``mail`` be sent; None if now.

    An address gets at most ``most`` unanswered emails within 24 hours, over all petitions. An
    email whose signature has been confirmed is answered and doesn't count. Attempts from one
    network can use up all but one of them, so that the holder of the address can still sign.
    """
    earlier = _earlier(mail)
    same_network = [at for at, network in earlier if network and network == mail.signature.network]
    limits = [([at for at, _network in earlier], most), (same_network, max(1, most - 1))]
    ends = [sorted(at)[-number] + DAY for at, number in limits if len(at) >= number]
    return max(ends, default=None)


def _earlier(mail):
    """The unanswered emails to the address within 24 hours, as (when sent, network) pairs.

    Emails that a worker took before this one count as sent, so that several workers agree.
    """
    now = timezone.now()
    since = now - DAY
    earlier = (
        _emails_to_the_same(mail)
        .filter(kind__in=UNASKED, signature__number=None)
        .filter(
            Q(sent_at__gt=since)
            | Q(state=State.FAILED, created_at__gt=since)
            | Q(state=State.DUE, attempts__gt=0, pk__lt=mail.pk)
        )
    )
    rows = earlier.values_list("state", "sent_at", "created_at", "signature__network")
    return [
        (now if state == State.DUE else sent_at or created_at, network)
        for state, sent_at, created_at, network in rows
    ]


def _is_repeated(mail):
    """Whether a later confirmation email to the same mailbox is queued for this petition.

    One is enough, because its link shows all attempts of the mailbox.
    """
    if mail.kind != Kind.CONFIRM:
        return False
    return (
        _emails_to_the_same(mail)
        .filter(
            kind=Kind.CONFIRM,
            state=State.DUE,
            signature__petition=mail.signature.petition,
            signature__email=mail.signature.email,
            signature__status=Status.UNCONFIRMED,
            pk__gt=mail.pk,
        )
        .exists()
    )


def _is_superseded(mail):
    """Whether a later reminder to this address exists. Only the last attempt gets one."""
    return (
        _emails_to_the_same(mail)
        .filter(
            kind=Kind.REMINDER,
            signature__petition=mail.signature.petition,
            pk__gt=mail.pk,
        )
        .exclude(state=State.DROPPED)
        .exists()
    )


def _emails_to_the_same(mail):
    """All emails to the address of ``mail``, including those hashed with an earlier key."""
    known = known_address_hashes(mail.signature.email_key)
    return OutgoingEmail.objects.filter(address_hash__in=known)
