"""The outbox sends what was queued. Any number of workers may drain it at once."""

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
# So long a lease is not looked at again.
FRESH = timedelta(seconds=1)
# Minutes until the next try. After the last, about two days on, the mail counts as failed.
RETRIES = [1, 2, 5, 15, 30, 60, 120, 240, 480, 960, 960]
REMIND_AFTER = timedelta(days=3)


class ServerDown(Exception):
    """The mail server can't be reached, or takes no mail at all just now."""


def wake():
    """See that owed mails are sent soon. Call it after the commit."""
    dispatch(drain)


# Draining


def drain(limit=None):
    """Send what was asked for and what is due, at most ``limit`` mails. Returns how many were sent.

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
    """Send over one connection. Returns (how many were sent, whether the server took mail)."""
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
                # A mail that can't be made (a broken template, an address that the mail backend
                # refuses) must not keep back all others. It is tried again like any other.
                logger.exception("Mail %s could not be sent", mail.pk)
                _postpone(mail, f"{type(error).__name__}: {error}")
                _close(mailer)
        return sent, True
    finally:
        _close(mailer)


def _send_one(mail, mailer, pages):
    """Send one mail, or settle why not. Returns 1 if it was sent, else 0."""
    if not _is_ours(mail):
        return 0
    what = what_to_send(mail, _get_page(mail.signature, pages))
    if what is None:
        _settle(mail, State.DROPPED)
        return 0
    if isinstance(what, Postpone):
        # It was not tried: its next try is its first.
        _settle(mail, State.DUE, due_at=what.until, attempts=mail.attempts - 1)
        return 0
    page = _get_page(what.signature, pages)
    try:
        message = render_message(what.kind, what.signature, page, opted_out=what.opted_out)
    except IntegrityError:
        # No links can be made for what was withdrawn this very moment, and its mail with it.
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
        # A refused sender too: it is the same for all mails, and for us to mend.
        raise ServerDown(f"{type(error).__name__}: {error}") from error
    # The reminder first: should this process end in between, the email is sent again, and
    # nobody misses the reminder. Not in one transaction: that would hold the email while it
    # waits for the signature, and who deletes the signature waits the other way around.
    if what.kind == Kind.CONFIRM and page.terms.send_reminder:
        _queue_reminder(mail)
    _settle(mail, State.SENT, kind=what.kind, sent_at=timezone.now())
    return 1


def _is_ours(mail):
    """Whether ``mail`` is still owed, and by us; unless it is fresh, our lease begins anew.

    A worker that was stopped for long finds it taken by another; a person may have withdrawn.
    """
    now = timezone.now()
    if now < mail.due_at - LEASE + FRESH:
        return True
    return OutgoingEmail.objects.filter(pk=mail.pk, lease=mail.lease, state=State.DUE).update(
        due_at=now + LEASE
    )


def _get_page(signature, pages):
    """The page a mail about ``signature`` speaks of; ``pages`` are those found before."""
    where = (signature.petition.key, signature.language)
    if where not in pages:
        pages[where] = find_page(*where)
    return pages[where]


def _queue_reminder(mail):
    remind_at = timezone.now() + REMIND_AFTER
    try:
        # Who asked for the first mail again is reminded once all the same.
        queue_emails(Kind.REMINDER, [(mail.signature_id, mail.signature.email_key)], remind_at)
    except IntegrityError:
        # The attempt was deleted this very moment: there is nobody left to remind.
        logger.info("No reminder: signature %s was deleted", mail.signature_id)


def _give_up_or_retry(mail, code, reply):
    """5xx is final, says RFC 5321; 4xx may pass."""
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
    """Write what became of a mail, unless its lease has passed to somebody else meanwhile."""
    if "last_error" in changes:
        # What a server says may repeat the address; an error is for people, and may be long.
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
