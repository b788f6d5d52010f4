"""Send the queued emails. Any number of workers may send at the same time."""

import logging
import smtplib
from datetime import timedelta

from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from wagtail_petition.background.dispatch import dispatch
from wagtail_petition.compat import open_mailer
from wagtail_petition.ledger import answer_link_requests, queue_emails
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.pages.lookup import find_page

from .eligibility import Postpone, what_to_send
from .queue import LEASE, take
from .rendering import render_message

logger = logging.getLogger("wagtail_petition.mail")

Kind, State = OutgoingEmail.Kind, OutgoingEmail.State

BATCH = 20
# A lease younger than this isn't checked again before sending.
FRESH = timedelta(seconds=1)
# Minutes before each retry. After the last one, about two days later, the email has failed.
RETRIES = [1, 2, 5, 15, 30, 60, 120, 240, 480, 960, 960]
REMIND_AFTER = timedelta(days=3)


class ServerDown(Exception):
    """The mail server can't be reached, or accepts no emails at the moment."""


def wake():
    """Start sending the queued emails in the background. Call it after the commit."""
    dispatch(drain)


def drain(limit=None):
    """Answer link requests, then send due emails, at most ``limit``. Returns how many were sent.

    Stops early if the mail server is down or an hourly limit is reached.
    """
    answer_link_requests()
    sent = 0
    while batch := take(BATCH if limit is None else min(BATCH, limit - sent)):
        done, server_is_up = _send_batch(batch)
        sent += done
        if not server_is_up or (limit is not None and sent >= limit):
            break
    return sent


def _send_batch(batch):
    """Send ``batch`` over one connection. Returns (number sent, whether the server is up)."""
    sent, pages = 0, {}
    mailer = open_mailer(timeout=30)
    try:
        for position, mail in enumerate(batch):
            try:
                sent += _send_one(mail, mailer, pages)
            except ServerDown as error:
                logger.warning("The mail server takes no mail: %s", error)
                for late in batch[position:]:
                    _postpone(late, str(error))
                return sent, False
            except DatabaseError:
                raise
            except Exception as error:
                # An error in one email (a broken template, an address that the mail backend
                # refuses) must not stop the others. This email is retried.
                logger.exception("Mail %s could not be sent", mail.pk)
                _postpone(mail, f"{type(error).__name__}: {error}")
                _close(mailer)
        return sent, True
    finally:
        _close(mailer)


def _send_one(mail, mailer, pages):
    """Send one email, or record why not. Returns 1 if it was sent, else 0."""
    if not _is_ours(mail):
        return 0
    what = what_to_send(mail, _get_page(mail.signature, pages))
    if what is None:
        _settle(mail, State.DROPPED)
        return 0
    if isinstance(what, Postpone):
        # Postponing isn't an attempt.
        _settle(mail, State.DUE, due_at=what.until, attempts=mail.attempts - 1)
        return 0
    page = _get_page(what.signature, pages)
    try:
        message = render_message(what.kind, what.signature, page, opted_out=what.opted_out)
    except IntegrityError:
        # The signature was deleted in the meantime, and the email with it.
        return 0
    try:
        mailer.open()
        mailer.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, reply = next(iter(error.recipients.values()))
        _give_up_or_retry(mail, code, reply)
        _close(mailer)
        return 0
    except smtplib.SMTPDataError as error:
        _give_up_or_retry(mail, error.smtp_code, error.smtp_error)
        _close(mailer)
        return 0
    except (smtplib.SMTPException, OSError) as error:
        # Includes a refused sender, since that affects all emails.
        raise ServerDown(f"{type(error).__name__}: {error}") from error
    # The reminder first: if the process dies in between, the email is sent again, and the
    # reminder isn't lost. One transaction for both could deadlock with one that deletes the
    # signature, since they lock the email and the signature in opposite order.
    if what.kind == Kind.CONFIRM and page.terms.send_reminder:
        _queue_reminder(mail)
    _settle(mail, State.SENT, kind=what.kind, sent_at=timezone.now())
    return 1


def _is_ours(mail):
    """Whether we still hold the lease on ``mail``. Renews a lease older than ``FRESH``.

    Another worker may have taken the email, or it may have been deleted with its signature.
    """
    now = timezone.now()
    if now < mail.due_at - LEASE + FRESH:
        return True
    return OutgoingEmail.objects.filter(pk=mail.pk, lease=mail.lease, state=State.DUE).update(
        due_at=now + LEASE
    )


def _get_page(signature, pages):
    """The page for an email about ``signature``. ``pages`` caches pages found before."""
    where = (signature.petition.key, signature.language)
    if where not in pages:
        pages[where] = find_page(*where)
    return pages[where]


def _queue_reminder(mail):
    remind_at = timezone.now() + REMIND_AFTER
    try:
        # Queued once per signature, even if the confirmation email was requested again.
        queue_emails(Kind.REMINDER, [(mail.signature_id, mail.signature.email_key)], remind_at)
    except IntegrityError:
        # The signature was deleted in the meantime.
        logger.info("No reminder: signature %s was deleted", mail.signature_id)


def _give_up_or_retry(mail, code, reply):
    """Fail on a 5xx reply, which is permanent; retry on 4xx, which is temporary (RFC 5321)."""
    reply = reply.decode(errors="replace") if isinstance(reply, bytes) else str(reply)
    if 500 <= code < 600:
        _settle(mail, State.FAILED, last_error=f"{code} {reply}")
    else:
        _postpone(mail, f"{code} {reply}")


def _postpone(mail, error):
    if mail.attempts > len(RETRIES):
        _settle(mail, State.FAILED, last_error=error)
    else:
        wait = timedelta(minutes=RETRIES[max(mail.attempts, 1) - 1])
        _settle(mail, State.DUE, due_at=timezone.now() + wait, last_error=error)


def _settle(mail, state, **changes):
    """Store the result for ``mail``, unless another worker has taken over its lease."""
    if "last_error" in changes:
        # A server's reply may be long and may repeat the address, which is personal data.
        error = changes["last_error"].replace("\x00", "")
        changes["last_error"] = error.replace(mail.signature.email, "…")[:1000]
    OutgoingEmail.objects.filter(pk=mail.pk, lease=mail.lease).update(
        state=state, lease="", **changes
    )


def _close(mailer):
    try:
        mailer.close()
    except (smtplib.SMTPException, OSError) as error:
        logger.info("Closing the mail connection failed: %s", error)
