"""The outbox: mails are rows, written in the transaction that owes them, and drained from here.

Any number of workers may drain at once. One takes a batch by moving it out of reach for the
length of a lease; if it dies, the mails are due again when the lease ends.
"""

import logging
import secrets
import smtplib
from datetime import timedelta

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from wagtail_petition.background import do_soon
from wagtail_petition.compat import open_mailer
from wagtail_petition.conf import settings
from wagtail_petition.models.outbox import OutgoingEmail
from wagtail_petition.models.page import find_page

from .decision import what_to_send
from .messages import render_message

logger = logging.getLogger("wagtail_petition.mail")

Kind, State = OutgoingEmail.Kind, OutgoingEmail.State

BATCH = 20
LEASE = timedelta(minutes=10)
# So long a lease is not looked at again.
FRESH = timedelta(seconds=1)
# Minutes until the next try. After the last, about two days on, the mail counts as failed.
RETRIES = [1, 2, 5, 15, 30, 60, 120, 240, 480, 960, 960]
REMIND_AFTER = timedelta(days=3)


class ServerDown(Exception):
    """The mail server can't be reached, or takes no mail at all just now."""


def wake():
    """See that owed mails are sent soon. Call it after the commit."""
    do_soon(drain)


# Draining


def drain(limit=None):
    """Send what is due, at most ``limit`` mails. Returns how many were sent.

    Stops early if the mail server is down or an hourly limit is reached.
    """
    sent = 0
    while batch := _take(BATCH if limit is None else min(BATCH, limit - sent)):
        done, server_is_up = _send_batch(batch)
        sent += done
        if not server_is_up or (limit is not None and sent >= limit):
            break
    return sent


def _take(size):
    """A batch of due mails, leased to us, oldest first."""
    now = timezone.now()
    due = OutgoingEmail.objects.filter(state=State.DUE, due_at__lte=now)
    allowed = due
    if settings.MAILS_PER_HOUR is not None:
        size = min(size, settings.MAILS_PER_HOUR - _spent_within_an_hour(now).count())
    left = _left_by_petition(now)
    if left is not None:
        full = [petition for petition, number in left.items() if number <= 0]
        allowed = allowed.exclude(signature__petition__in=full)
    if size <= 0:
        return []
    lease = secrets.token_hex(16)
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            allowed = allowed.select_for_update(skip_locked=True, of=("self",))
        oldest = allowed.order_by("due_at", "pk").values_list("pk", "signature__petition")[:size]
        # Filtered once more: of two workers that chose the same mail, one gets it.
        due.filter(pk__in=_within(left, oldest)).update(
            lease=lease, due_at=now + LEASE, attempts=F("attempts") + 1
        )
    return list(
        OutgoingEmail.objects.filter(lease=lease)
        .select_related("signature__petition")
        .order_by("pk")
    )


def _spent_within_an_hour(now):
    """Mails that count for the hourly limits: sent, or just being sent by some worker."""
    return OutgoingEmail.objects.filter(
        Q(sent_at__gt=now - timedelta(hours=1)) | Q(state=State.DUE, due_at__gt=now) & ~Q(lease="")
    )


def _left_by_petition(now):
    """How many mails each petition may still send in this hour, where it has sent any; None if
    there is no such limit."""
    most = settings.MAILS_PER_PETITION_PER_HOUR
    if most is None:
        return None
    spent = _spent_within_an_hour(now).order_by().values_list("signature__petition")
    return {petition: most - number for petition, number in spent.annotate(Count("pk"))}


def _within(left, oldest):
    """The ids among (mail, petition) pairs that the petitions' limits leave room for."""
    chosen = []
    for mail, petition in oldest:
        if left is not None:
            left.setdefault(petition, settings.MAILS_PER_PETITION_PER_HOUR)
            if left[petition] <= 0:
                continue
            left[petition] -= 1
        chosen.append(mail)
    return chosen


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
    what = what_to_send(mail, _page_of(mail.signature, pages))
    if what is None:
        _settle(mail, State.DROPPED)
        return 0
    kind, signature = what
    page = _page_of(signature, pages)
    try:
        message = render_message(kind, signature, page)
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
    with transaction.atomic():
        _settle(mail, State.SENT, kind=kind, sent_at=timezone.now())
        if kind == Kind.CONFIRM and page.send_reminder:
            _owe_reminder(mail)
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


def _page_of(signature, pages):
    """The page a mail about ``signature`` speaks of; ``pages`` are those found before."""
    where = (signature.petition.key, signature.language)
    if where not in pages:
        pages[where] = find_page(*where)
    return pages[where]


def _owe_reminder(mail):
    reminder = OutgoingEmail(
        signature=mail.signature,
        kind=Kind.REMINDER,
        due_at=timezone.now() + REMIND_AFTER,
        address_hash=mail.address_hash,
    )
    # Who asked for the first mail again is reminded once all the same.
    OutgoingEmail.objects.bulk_create([reminder], ignore_conflicts=True)


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
