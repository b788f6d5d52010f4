"""Emails that mail servers return: reports about their delivery (RFC 3464).

Anybody can send such a report. It counts only if it names an email of ours by its Message-ID, which
only its recipient and the mail servers on its way know. What else it says about addresses is ignored.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from enum import Enum

from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.identity.hashing import known_address_hashes
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.signature import Signature

from .headers import find_our_email

# Mail servers give up after about five days.
REPORTED_WITHIN = timedelta(days=30)
# That the mailbox or its domain doesn't exist (RFC 3463). Other permanent failures concern the
# message, its sender or a full mailbox. 5.4.1 and 5.4.310 are Microsoft's for an unknown mailbox and
# an unknown domain; 5.4.4 is Postfix's for the latter.
HARD = frozenset(
    ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.1", "5.4.4", "5.4.310"]
)
CODE = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


class Found(Enum):
    """What a returned email is."""

    BOUNCED = "bounced"  # The address doesn't exist, and was marked so.
    PASSING = "passing"  # About an email of ours, but another failure, or a delay.
    OTHER = "other"  # No report, or none about a recent email of ours.


def take_in(content: bytes) -> Found:
    """Mark the address as bounced if the email in ``content`` reports it. Safe to repeat."""
    report = message_from_bytes(content)
    if report.get_content_type() != "multipart/report":
        return Found.OTHER
    address = _find_address(report)
    if not address:
        return Found.OTHER
    if not _is_hard(report):
        return Found.PASSING
    ledger.set_email_state(address, Signature.EmailState.BOUNCED)
    return Found.BOUNCED


def _find_address(report: Message) -> str:
    """The address of the email that ``report`` is about; "" if it isn't a recent one of ours."""
    pk = find_our_email(" ".join(_message_ids(report)))
    recent = OutgoingEmail.objects.filter(pk=pk, sent_at__gt=timezone.now() - REPORTED_WITHIN)
    email = recent.select_related("signature").first()
    signature = email.signature if email else None
    if email is None or signature is None or not signature.email_key:
        return ""
    # Not if the signer has another address now.
    is_the_same = email.address_hash in known_address_hashes(signature.email_key)
    return signature.email if is_the_same else ""


def _message_ids(report: Message) -> Iterator[str]:
    """The Message-IDs of the returned email, from its headers or those of the report."""
    for part in _parts(report):
        for returned in _returned(part):
            yield str(returned.get("Message-ID", ""))
    for name in ("In-Reply-To", "References"):
        yield str(report.get(name, ""))


def _returned(part: Message) -> list[Message]:
    """The returned email, or its headers, if they are in this part."""
    kind = part.get_content_type()
    if kind == "text/rfc822-headers":
        headers = part.get_payload(decode=True)
        return [message_from_bytes(headers)] if isinstance(headers, bytes) else []
    return _parts(part) if kind == "message/rfc822" else []


def _is_hard(report: Message) -> bool:
    """Whether every recipient in ``report`` is said not to exist."""
    recipients = [
        recipient
        for part in _parts(report)
        if part.get_content_type() == "message/delivery-status"
        for recipient in _parts(part)
        if "Final-Recipient" in recipient
    ]
    return bool(recipients) and all(map(_is_unknown, recipients))


def _is_unknown(recipient: Message) -> bool:
    action = str(recipient.get("Action", "")).strip().lower()
    # Exim always says 5.0.0; what the other server said is more precise.
    said = f"{recipient.get('Status', '')} {recipient.get('Diagnostic-Code', '')}"
    codes = [code for code in CODE.findall(said) if not code.endswith(".0.0")]
    return action == "failed" and bool(codes) and codes[0] in HARD


def _parts(message: Message) -> list[Message]:
    parts = message.get_payload() if message.is_multipart() else []
    return [part for part in parts if isinstance(part, Message)]
