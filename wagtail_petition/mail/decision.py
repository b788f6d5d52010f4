"""Whether a mail that was owed is still to be sent, and as which: much may have happened since."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from wagtail_petition.conf import settings
from wagtail_petition.models.outbox import MailOptOut, OutgoingEmail
from wagtail_petition.models.signature import Signature
from wagtail_petition.signing.identity import former_email_key, known_address_hashes

Kind, State, Status = OutgoingEmail.Kind, OutgoingEmail.State, Signature.Status

TO_CONFIRM = [Kind.CONFIRM, Kind.REMINDER, Kind.LAST_CALL]
# Anybody can cause these by typing an address: the limit per address counts them.
UNASKED = [*TO_CONFIRM, Kind.ALREADY_SIGNED]


def what_to_send(mail, page):
    """What is true by now: (kind, the signature it is about), or None to send nothing.

    ``page`` is the petition's page in the signature's language, None if there is none.
    """
    signature = mail.signature
    if page is None or not signature.email:
        return None
    known = known_address_hashes(signature.email_key, former_email_key(signature.email))
    if MailOptOut.objects.filter(address_hash__in=known).exists():
        return None
    if mail.kind in UNASKED and _is_over_limit(mail):
        return None
    if mail.kind not in TO_CONFIRM:
        return (mail.kind, signature) if signature.status == Status.CONFIRMED else None
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


def _is_over_limit(mail):
    """Whether this address had its share of unasked mail within the last 24 hours.

    Mails that were taken before this one count as sent: so several workers agree.
    """
    since = timezone.now() - timedelta(hours=24)
    others = (
        _mails_to_the_same(mail)
        .filter(kind__in=UNASKED)
        .filter(
            Q(sent_at__gt=since)
            | Q(state=State.FAILED, created_at__gt=since)
            | Q(state=State.DUE, attempts__gt=0, pk__lt=mail.pk)
        )
    )
    return others.count() >= settings.MAILS_PER_ADDRESS


def _is_superseded(mail):
    """Whether another reminder will follow: who tried more than once is reminded of the last."""
    return (
        _mails_to_the_same(mail)
        .filter(
            kind=Kind.REMINDER,
            signature__petition=mail.signature.petition,
            pk__gt=mail.pk,
        )
        .exclude(state=State.DROPPED)
        .exists()
    )


def _mails_to_the_same(mail):
    """All mails to the address of ``mail``, also those from before SECRET_KEY was changed."""
    known = known_address_hashes(mail.signature.email_key)
    return OutgoingEmail.objects.filter(address_hash__in=known)
