"""Queue emails. Each email is a row, written in the transaction that causes it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from wagtail_petition.identity.emails import email_key
from wagtail_petition.identity.hashing import address_hash
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.update import Update
from wagtail_petition.signals import emails_queued


def queue_email(signature: Signature, kind: OutgoingEmail.Kind) -> None:
    """Queue an email of ``kind`` to the signer."""
    queue_emails(kind, [(signature.pk, signature.email_key)])


def queue_emails(
    kind: OutgoingEmail.Kind,
    recipients: Iterable[tuple[int, str | None]],
    due_at: datetime | None = None,
    *,
    priority: int | None = None,
    update: Update | None = None,
) -> int:
    """Queue emails of one kind.

    ``recipients`` are (id of the signature, canonical address) pairs. A signature whose address
    was erased gets no email. A kind that is sent once per signature isn't queued again, nor is an
    ``update`` to the same signature. The emails are due at ``due_at``, by default now, with the
    kind's priority unless one is given. The sender is woken after the commit, unless they are due
    later, or of an ``update``: who queues those also sends them, and ends the update.

    Returns the number of recipients with an address.
    """
    now = timezone.now()
    due_at = due_at or now
    if priority is None:
        priority = OutgoingEmail.PRIORITIES[OutgoingEmail.Kind(kind)]
    emails = [
        OutgoingEmail(
            signature_id=pk,
            kind=kind,
            update=update,
            priority=priority,
            due_at=due_at,
            address_hash=address_hash(key),
        )
        for pk, key in recipients
        if key
    ]
    is_once_only = kind in OutgoingEmail.ONCE_PER_SIGNATURE
    OutgoingEmail.objects.bulk_create(emails, batch_size=500, ignore_conflicts=is_once_only)
    if emails and due_at <= now and update is None:
        tell_outbox()
    return len(emails)


def queue_emails_to(
    addresses: Iterable[str],
    kind: OutgoingEmail.Kind,
    petition: Petition,
    payload: dict[str, Any],
    *,
    due_at: datetime | None = None,
) -> list[OutgoingEmail]:
    """Queue emails to people who aren't signers, such as the recipient of a delivery.

    ``kind`` is one of ``OutgoingEmail.TO_OTHERS``. Each of the normalised ``addresses`` gets one
    email; only its hash is stored. ``payload`` is for the function that makes the email (see
    ``mail.others``): it names rows, and holds no personal data. Due at ``due_at``, by default now.
    Returns the queued emails.
    """
    if kind not in OutgoingEmail.TO_OTHERS:
        raise ValueError(f"{kind!r} is a kind of emails to signers")
    now = timezone.now()
    due_at = due_at or now
    # One after the other, since not every SQLite returns the ids of many. There are few.
    emails = [
        OutgoingEmail.objects.create(
            petition=petition,
            kind=kind,
            payload=payload,
            priority=OutgoingEmail.PRIORITIES[kind],
            due_at=due_at,
            address_hash=hashed,
        )
        for hashed in dict.fromkeys(address_hash(email_key(address)) for address in addresses)
    ]
    if emails and due_at <= now:
        tell_outbox()
    return emails


def tell_outbox() -> None:
    """After the commit, wake the sender of emails."""
    transaction.on_commit(_tell)


def _tell() -> None:
    emails_queued.send_robust(sender=OutgoingEmail)
