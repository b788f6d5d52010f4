"""Send a delivery to its recipient by email: queue, make the message, remind once, forget."""

import secrets
from typing import Any
from uuid import UUID

from django.conf import settings as django_settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from wagtail_petition import addresses, ledger
from wagtail_petition.conf import settings
from wagtail_petition.ledger.tokens import digest
from wagtail_petition.mail import others
from wagtail_petition.mail.headers import LinkedMessage
from wagtail_petition.mail.rendering import envelope, recipient, sender, write_parts
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.delivery_email import DeliveryEmail
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.recipient_link import RecipientLink
from wagtail_petition.pages.lookup import get_page
from wagtail_petition.storage import private_storage

from . import acknowledgement, recipient_links, recipient_texts

Kind, State = OutgoingEmail.Kind, OutgoingEmail.State

# The values after erasure of the fields that name somebody.
ERASED: dict[str, Any] = {"to": [], "cc": [], "reply_to": "", "text": ""}


def send(email: DeliveryEmail) -> None:
    """Save ``email`` and its link, and queue it, in a transaction."""
    # Nobody knows this token. Sending the email makes another one.
    email.link.sha256 = digest(secrets.token_urlsafe(32))
    email.link.save(force_insert=True)
    email.save(force_insert=True)
    email.queued = _queue(email)
    email.save(update_fields=["queued"])


def was_sent(key: UUID | None) -> bool:
    """Whether the form with ``key`` has sent an email."""
    return bool(key) and DeliveryEmail.objects.filter(key=key).exists()


def revoke_earlier(delivery: Delivery) -> list[RecipientLink]:
    """Revoke the links of earlier emails of ``delivery`` that still work. Returns them."""
    links = delivery.recipient_links.exclude(email=None)
    return [link for link in links if link.works and recipient_links.revoke(link)]


def _queue(email, is_reminder=False):
    payload = {"email": email.pk, "is_reminder": is_reminder}
    # One email to all addresses. The first one's hash is enough to count it.
    [queued] = ledger.queue_emails_to(
        email.to[:1], Kind.TO_RECIPIENT, email.delivery.petition, payload
    )
    return queued


def connect() -> None:
    """Let the outbox make these emails."""
    others.register(Kind.TO_RECIPIENT, make_message)


def make_message(mail: OutgoingEmail) -> EmailMessage | None:
    """The message of a queued email with a new token in its link. None if the link has ended."""
    emails = DeliveryEmail.objects.select_related("link__delivery", "delivery__petition")
    email = emails.filter(pk=mail.payload["email"]).first()
    if email is None or email.erased_at or not email.link.works:
        return None
    is_reminder = mail.payload["is_reminder"]
    if is_reminder and not is_unanswered(email):
        return None
    page = get_page(email.delivery.petition, email.language)
    token = recipient_links.renew(email.link, is_reminder=is_reminder)
    url = addresses.step_url(page, "recipient", token, stored=email.delivery.petition.script_name)
    return _render(email, page, url, is_reminder)


def _render(email, page, url, is_reminder):
    subject, text, html = _write(email, url, is_reminder)
    message = LinkedMessage(
        subject=subject,
        body=text,
        from_email=_sender(page),
        to=[recipient(address) for address in email.to],
        cc=[recipient(address) for address in email.cc],
        reply_to=[recipient(email.reply_to)] if email.reply_to else None,
        # A person wrote it, unlike the reminder.
        headers={"Auto-Submitted": "auto-generated"} if is_reminder else None,
    )
    message.attach_alternative(html, "text/html")
    letter = None if is_reminder else recipient_texts.get_attachment(email.delivery)
    if letter:
        with private_storage().open(letter.path) as file:
            message.attach(letter.name, file.read(), "application/pdf")
    return message


def _sender(page):
    if page is None:
        return settings.FROM_EMAIL or django_settings.DEFAULT_FROM_EMAIL
    return sender(page)


def _write(email, url, is_reminder=False, **more):
    kind = "to_recipient_reminder" if is_reminder else "to_recipient"
    with translation.override(email.language):
        context = {
            "email": email,
            "delivery": email.delivery,
            "link": email.link,
            "contents": acknowledgement.contents(email.delivery),
            "url": url,
        }
        return write_parts(kind, email.language, context, **more)


def sample(email: DeliveryEmail) -> str:
    """``email``, an unsaved one, as HTML with its addresses above it. Its link doesn't work."""
    page = get_page(email.delivery.petition, email.language)
    try:
        url = f"{addresses.root_url(page)}/…"
    except addresses.NoAddressError:
        url = "https://example.org/…"
    letter = recipient_texts.get_attachment(email.delivery)
    frame = envelope(page, ", ".join(email.to)) if page else {"sender": _sender(page)}
    frame |= {
        "recipient": ", ".join(email.to),
        "cc": ", ".join(email.cc),
        "reply_to": email.reply_to,
        "attachment": letter.name if letter else "",
    }
    return _write(email, url, envelope=frame)[2]


# Reminders


def is_unanswered(email: DeliveryEmail) -> bool:
    """Whether the recipient has neither answered nor got the delivery in another way since."""
    delivery = email.delivery
    since = delivery.marked_at and delivery.marked_at > email.link.created_at
    return not since and acknowledgement.get_answer(delivery) is None


def queue_reminders() -> int:
    """Queue the reminders that are due. Returns how many."""
    due = DeliveryEmail.objects.filter(remind_at__lte=timezone.now())
    emails = due.select_related("link__delivery", "delivery__petition", "queued")
    return sum(_remind(email) for email in emails)


@transaction.atomic
def _remind(email: DeliveryEmail) -> bool:
    # Of several workers, only the one that marks it queues the reminder.
    undecided = DeliveryEmail.objects.filter(pk=email.pk, remind_at__isnull=False)
    if not undecided.update(remind_at=None):
        return False
    was_sent = email.queued is not None and email.queued.state == State.SENT
    if not was_sent or email.erased_at or not email.link.works or not is_unanswered(email):
        return False
    DeliveryEmail.objects.filter(pk=email.pk).update(reminder=_queue(email, is_reminder=True))
    return True


# Retention


def forget_addresses() -> int:
    """Erase the addresses and texts of emails whose links have ended. Returns how many."""
    ended = (
        Q(link__expires_at__lte=timezone.now())
        | Q(link__revoked_at__isnull=False)
        | Q(delivery__state=Delivery.State.CANCELLED)
    )
    # In two steps, since an update can't use other tables.
    pks = list(DeliveryEmail.objects.filter(ended, erased_at=None).values_list("pk", flat=True))
    return DeliveryEmail.objects.filter(pk__in=pks).update(
        **ERASED, remind_at=None, erased_at=timezone.now()
    )
