"""Whether a queued email is still to be sent, as which kind, and when: much may have happened."""

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
# Anybody can cause these by typing an address: the limit per address counts them.
UNASKED = [*TO_CONFIRM, Kind.ALREADY_SIGNED]
# Those that somebody waits for. What exceeds the limit waits for the next day.
WAITED_FOR = [Kind.CONFIRM]
# What organisers send on their own initiative: not to addresses that opted out.
OF_OUR_OWN_ACCORD = [Kind.REMINDER, Kind.LAST_CALL, Kind.DELIVERED]

DAY = timedelta(days=1)
# What waits for longer than this was postponed, or the mail server was down.
SOON = timedelta(hours=1)
# An email that could not be sent within this time for the limit per address is not sent.
PATIENCE = timedelta(days=2)
# Emails a day to an address that asked for none.
MOST_TO_OPTED_OUT = 1


class Send(NamedTuple):
    """Send it now: as which kind, about which signature, to an address that asked for none?"""

    kind: str
    signature: Signature
    opted_out: bool = False


class Postpone(NamedTuple):
    """Send it later: the address has had its share of emails for now."""

    until: datetime


def what_to_send(mail: OutgoingEmail, page) -> Send | Postpone | None:
    """What is true by now; None to send nothing.

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
    """(kind, the signature it is about), or None if there is nothing to say any more."""
    signature = mail.signature
    if mail.kind not in TO_CONFIRM:
        return (mail.kind, signature) if signature.status == Status.CONFIRMED else None
    if mail.kind == Kind.CONFIRM and signature.status == Status.CONFIRMED:
        # Who asked again after confirming is told. What was queued before is of no use any more.
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
    # To the address that signed: another spelling of it might belong to somebody else.
    return (Kind.ALREADY_SIGNED, counted) if mail.kind == Kind.CONFIRM else None


def free_at(mail: OutgoingEmail, most: int) -> datetime | None:
    """From when the address may get ``mail``; None if it may now.

    At most ``most`` emails within a day, over all petitions, that nobody has answered by
    confirming: who answers, wants them. One network causes one less than that, so that nobody
    can use up by forged attempts what the address's own person needs.
    """
    earlier = _earlier(mail)
    same_network = [at for at, network in earlier if network and network == mail.signature.network]
    limits = [([at for at, _network in earlier], most), (same_network, max(1, most - 1))]
    ends = [sorted(at)[-number] + DAY for at, number in limits if len(at) >= number]
    return max(ends, default=None)


def _earlier(mail):
    """When unanswered emails went to the address within a day, and from which network they were
    caused.

    Emails that were taken before this one count as sent: so several workers agree.
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
    """Whether the same mailbox waits for a later email about this petition: one is enough, since
    its link shows all that was signed with the address."""
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
    """Whether another reminder will follow: who tried more than once is reminded of the last."""
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
    """All emails to the address of ``mail``, also those from before SECRET_KEY was changed."""
    known = known_address_hashes(mail.signature.email_key)
    return OutgoingEmail.objects.filter(address_hash__in=known)
