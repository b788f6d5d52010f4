"""Decide whether and when a queued email is sent, and as which kind.

The signature, the petition and the address may have changed since the email was queued.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from wagtail_petition.conf import settings
from wagtail_petition.identity.hashing import known_address_hashes
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.update import Update
from wagtail_petition.pages.mixin import PetitionPageMixin

from .facts import ASKING_TO_CONFIRM, DAY, LIMITED_PER_ADDRESS, Facts

Kind, State, Status = OutgoingEmail.Kind, OutgoingEmail.State, Signature.Status
Priority = OutgoingEmail.Priority

# Above that limit, these kinds are postponed, since the signer waits for them; others are dropped.
POSTPONABLE = [Kind.CONFIRM]
# Kinds that the signer didn't ask for. Addresses that opted out or bounced get none.
UNREQUESTED = [Kind.REMINDER, Kind.LAST_CALL, Kind.DELIVERED, Kind.MOVED, Kind.UPDATE]
# Kinds for signers who opted in to updates.
FOR_SUBSCRIBERS = [Kind.DELIVERED, Kind.UPDATE]

# An email that was queued longer ago was postponed, or the mail server was down.
LATE = timedelta(hours=1)
# An email that the limit per address would delay for longer is dropped.
LONGEST_DELAY = timedelta(days=2)
# A reminder is sent this long after the email that it reminds of.
REMIND_AFTER = timedelta(days=3)
NEVER = datetime.max.replace(tzinfo=UTC)
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


class Hold(NamedTuple):
    """Keep the email of an update that is paused, or can't be sent at the moment."""


def what_to_send(
    mail: OutgoingEmail, page: PetitionPageMixin | None, facts: Facts, update_page: Any = None
) -> Send | Postpone | Hold | None:
    """Whether to send ``mail``: a ``Send``, a ``Postpone``, a ``Hold``, or None to drop it.

    ``page`` is the petition's page in the signature's language, None if there is none.
    ``update_page`` is the page of the update that ``mail`` is about, if any. ``facts`` are about the
    batch that ``mail`` is part of, and are updated with the decision.
    """
    if mail.kind == Kind.UPDATE and _is_held(mail.update, page, update_page):
        return Hold()
    what = _decide(mail, page, facts)
    if mail.kind in LIMITED_PER_ADDRESS:
        facts.add(mail, is_sent=isinstance(what, Send))
    return what


def _is_held(update, page, update_page):
    """Whether the emails of ``update`` wait.

    It is paused, or its page isn't online, or has changed since somebody read a test.
    """
    if update.state == Update.State.STOPPED:
        return False
    if update.state == Update.State.PAUSED or page is None:
        return True
    return not update.is_deadline and (update_page is None or not update.was_tested(update_page))


def _decide(mail, page, facts):
    signature = mail.signature
    if page is None or not signature.email:
        return None
    if mail.kind in FOR_SUBSCRIBERS and not signature.wants_news:
        return None
    if mail.kind == Kind.UPDATE and mail.update.has_ended(signature.petition.closes_at):
        return None
    is_opted_out = signature.email in facts.opted_out
    has_bounced = signature.email_state != Signature.EmailState.OK
    if (is_opted_out or has_bounced) and _is_unrequested(mail):
        return None
    what = _choose_kind(mail, page, facts)
    if what is None or mail.kind not in LIMITED_PER_ADDRESS:
        return Send(*what) if what else None
    if mail.kind == Kind.REMINDER:
        remind_at = _first_reminds_at(mail)
        if remind_at is NEVER:
            return None
        if remind_at and remind_at > timezone.now() + LATE:
            return Postpone(remind_at)
    until = _free_at(mail, MOST_TO_OPTED_OUT if is_opted_out else settings.MAILS_PER_ADDRESS, facts)
    has_waited = timezone.now() > mail.created_at + LATE
    if (until or has_waited) and _is_repeated(mail):
        return None
    if until is None:
        return Send(*what, opted_out=is_opted_out)
    if mail.kind not in POSTPONABLE or until > mail.created_at + LONGEST_DELAY:
        return None
    return Postpone(until)


def _is_unrequested(mail):
    # Only an import asks people to confirm who didn't just fill in the form.
    is_import = mail.kind == Kind.CONFIRM and mail.priority == Priority.REMINDER
    return is_import or mail.kind in UNREQUESTED


def _choose_kind(mail, page, facts):
    """The kind of email that is right now, and its signature; None to send nothing."""
    signature = mail.signature
    if mail.kind not in ASKING_TO_CONFIRM:
        return (mail.kind, signature) if signature.status == Status.CONFIRMED else None
    if mail.kind == Kind.CONFIRM and signature.status == Status.CONFIRMED:
        # Only an email requested after the confirmation is still useful.
        asked_after = mail.created_at > signature.confirmed_at
        return (Kind.ALREADY_SIGNED, signature) if asked_after else None
    if signature.status != Status.UNCONFIRMED or not page.can_confirm():
        return None
    if mail.kind == Kind.REMINDER and _is_superseded(mail):
        return None
    counted = facts.counted(mail)
    if counted is None:
        return mail.kind, signature
    # About ``counted``, so the email goes to the address that signed: another spelling of it may
    # belong to another person.
    return (Kind.ALREADY_SIGNED, counted) if mail.kind == Kind.CONFIRM else None


def _free_at(mail, most, facts):
    """When the limit per address lets ``mail`` be sent; None if now.

    An address gets at most ``most`` unanswered emails within 24 hours, over all petitions. An
    email whose signature has been confirmed is answered and doesn't count. Attempts from one
    network can use up all but one of them, so that the holder of the address can still sign.
    """
    earlier = facts.earlier(mail)
    same_network = [at for at, network in earlier if network and network == mail.signature.network]
    limits = [([at for at, _network in earlier], most), (same_network, max(1, most - 1))]
    ends = [sorted(at)[-number] + DAY for at, number in limits if len(at) >= number]
    return max(ends, default=None)


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


def _first_reminds_at(mail):
    """When the reminder ``mail`` can be sent: some days after the email that it reminds of.

    ``NEVER`` if that email couldn't be sent, None if there is no such email.
    """
    first = OutgoingEmail.objects.filter(signature=mail.signature, kind=Kind.CONFIRM)
    emails = list(first.values_list("state", "sent_at", "due_at"))
    if any(state == State.DUE for state, *_times in emails):
        return max(due_at for _state, _sent_at, due_at in emails) + REMIND_AFTER
    sent = [sent_at for _state, sent_at, _due_at in emails if sent_at]
    if emails and not sent:
        return NEVER
    return max(sent) + REMIND_AFTER if sent else None


def _emails_to_the_same(mail):
    """All emails to the address of ``mail``, including those hashed with an earlier key."""
    known = known_address_hashes(mail.signature.email_key)
    return OutgoingEmail.objects.filter(address_hash__in=known)
