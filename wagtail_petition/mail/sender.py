"""Send the queued emails. Any number of workers may send at the same time."""

import contextlib
import logging
import re
import smtplib
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from wagtail_petition.background.dispatch import dispatch
from wagtail_petition.compat import open_mailer
from wagtail_petition.ledger import answer_link_requests, queue_emails, tokens
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.token import Token
from wagtail_petition.pages.lookup import get_page
from wagtail_petition.pages.update_lookup import find_update

from . import others
from .deadline import render_deadline
from .eligibility import REMIND_AFTER, Hold, Postpone, Send, what_to_send
from .facts import Facts
from .queue import LEASE, take
from .rendering import LINKS, render_message
from .update import render_update_message

logger = logging.getLogger("wagtail_petition.mail")

Kind, State = OutgoingEmail.Kind, OutgoingEmail.State

# How many emails are leased at once.
EMAILS_AT_ONCE = 50
# A lease younger than this isn't checked again before sending.
FRESH = timedelta(seconds=1)
# Minutes before each retry. After the last one, about two days later, the email has failed.
RETRIES = [1, 2, 5, 15, 30, 60, 120, 240, 480, 960, 960]

# An email address in a server's reply.
ADDRESS = re.compile(r"[^\s<>]+@[^\s<>,;]+")


class ServerDown(Exception):
    """The mail server can't be reached, or accepts no emails at the moment."""


def wake() -> None:
    """Start sending the queued emails in the background. Call it after the commit."""
    dispatch(drain)


def drain(limit: int | None = None) -> int:
    """Answer link requests, then send due emails, at most ``limit``. Returns how many were sent.

    Stops early if the mail server is down or an hourly limit is reached.
    """
    answer_link_requests()
    sent = 0
    while batch := take(EMAILS_AT_ONCE if limit is None else min(EMAILS_AT_ONCE, limit - sent)):
        done, server_is_up = _send_batch(batch)
        sent += done
        if not server_is_up or (limit is not None and sent >= limit):
            break
    return sent


class Letter(NamedTuple):
    """An email to a signer to send now, with its pages and tokens.

    ``update_page`` is the page of an update.
    """

    mail: OutgoingEmail
    what: Send
    page: Any
    update_page: Any
    tokens: dict[Token.Purpose, str]


class Other(NamedTuple):
    """An email to send now to somebody who isn't a signer."""

    mail: OutgoingEmail


def _send_batch(batch):
    """Send ``batch`` over one connection. Returns (number sent, whether the server is up)."""
    sent, letters = 0, _prepare(batch)
    mailer = open_mailer(timeout=30)
    try:
        for position, letter in enumerate(letters):
            try:
                sent += _send_one(letter, mailer)
            except ServerDown as error:
                logger.warning("The mail server takes no mail: %s", error)
                for late in letters[position:]:
                    _postpone(late.mail, str(error))
                return sent, False
            except DatabaseError:
                raise
            except Exception as error:
                _set_aside(letter.mail, error)
                _close(mailer)
        return sent, True
    finally:
        _close(mailer)


def _prepare(batch):
    """Decide on each email. Returns a ``Letter`` or ``Other`` for each one to send, in order."""
    to_others = [Other(mail) for mail in batch if mail.signature_id is None]
    letters = _decide([mail for mail in batch if mail.signature_id is not None])
    place = {mail.pk: number for number, mail in enumerate(batch)}
    return sorted([*to_others, *letters], key=lambda each: place[each.mail.pk])


def _decide(emails):
    """Decide on emails to signers. Returns a ``Letter`` for each one to send, in the same order."""
    facts, pages, decided = Facts(emails), {}, []
    for mail in emails:
        try:
            update_page = _get_update(mail, pages)
            what = what_to_send(mail, _get_page(mail.signature, pages), facts, update_page)
        except DatabaseError:
            raise
        except Exception as error:
            _set_aside(mail, error)
            continue
        if what is None:
            _settle(mail, State.DROPPED)
        elif isinstance(what, Hold):
            _settle(mail, State.HELD, attempts=mail.attempts - 1)
        elif isinstance(what, Postpone):
            # Postponing isn't an attempt.
            _settle(mail, State.DUE, due_at=what.until, attempts=mail.attempts - 1)
        else:
            decided.append((mail, what, _get_page(what.signature, pages), update_page))
    try:
        return _with_links(decided)
    except IntegrityError:
        # A signature was deleted in the meantime, and its email with it. The others are sent.
        letters = []
        for one in decided:
            with contextlib.suppress(IntegrityError):
                letters += _with_links([one])
        return letters


def _with_links(decided):
    """Create the tokens and the reminders of some emails. Returns a ``Letter`` for each.

    Reminders are queued before the emails are sent: if the process dies in between, none is lost.
    """
    # Rows of signatures are locked in the same order as by those who delete them.
    in_order = sorted(decided, key=lambda one: one[1].signature.pk)
    with transaction.atomic():
        issued = tokens.issue_many((what.signature, LINKS[what.kind]) for _, what, *_ in in_order)
        queue_emails(
            Kind.REMINDER,
            [
                (mail.signature_id, mail.signature.email_key)
                for mail, what, page, _update_page in in_order
                if what.kind == Kind.CONFIRM and page.terms.send_reminder
            ],
            timezone.now() + REMIND_AFTER,
        )
    links = {mail.pk: links for (mail, *_), links in zip(in_order, issued, strict=True)}
    return [
        Letter(mail, what, page, update_page, links[mail.pk])
        for mail, what, page, update_page in decided
    ]


def _send_one(letter, mailer):
    """Send one email, or record why not. Returns 1 if it was sent, else 0."""
    mail = letter.mail
    if not _is_ours(mail):
        return 0
    message = _render(letter)
    if message is None:
        _settle(mail, State.DROPPED)
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
    kind = mail.kind if isinstance(letter, Other) else letter.what.kind
    _settle(mail, State.SENT, kind=kind, sent_at=timezone.now())
    return 1


def _render(letter):
    if isinstance(letter, Other):
        return others.make_message(letter.mail)
    what = letter.what
    if what.kind == Kind.UPDATE and letter.mail.update.is_deadline:
        return render_deadline(
            letter.mail.update, what.signature, letter.page, issued=letter.tokens
        )
    if what.kind == Kind.UPDATE:
        number = letter.mail.update.number
        message = render_update_message(
            letter.update_page, what.signature, letter.page, number=number, issued=letter.tokens
        )
    else:
        message = render_message(
            what.kind, what.signature, letter.page, opted_out=what.opted_out, issued=letter.tokens
        )
    message.mark(letter.mail.pk)
    return message


def _set_aside(mail, error):
    """Retry an email later that can't be made or sent, so that it doesn't stop the others.

    For example for a broken template, or an address that the mail backend refuses.
    """
    logger.error("Mail %s could not be sent", mail.pk, exc_info=error)
    _postpone(mail, f"{type(error).__name__}: {error}")


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
    where = (signature.petition_id, signature.language)
    if where not in pages:
        pages[where] = get_page(signature.petition, signature.language)
    return pages[where]


def _get_update(mail, pages):
    """The page of the update that ``mail`` is about, in the signer's language if there is one."""
    if mail.update is None or mail.update.is_deadline:
        return None
    where = (mail.update.key, mail.signature.petition.key, mail.signature.language)
    if where not in pages:
        pages[where] = find_update(*where)
    return pages[where]


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
        # A server's reply may be long and may repeat an address, which is personal data.
        error = changes["last_error"].replace("\x00", "")
        changes["last_error"] = ADDRESS.sub("…", error)[:1000]
    OutgoingEmail.objects.filter(pk=mail.pk, lease=mail.lease).update(
        state=state, lease="", **changes
    )


def _close(mailer):
    try:
        mailer.close()
    except (smtplib.SMTPException, OSError) as error:
        logger.info("Closing the mail connection failed: %s", error)
