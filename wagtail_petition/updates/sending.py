"""Send updates: start, pause, stop, and queue their emails in step with the outbox."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone
from wagtail.log_actions import log

from wagtail_petition import ledger
from wagtail_petition.access.petitions import User
from wagtail_petition.background.dispatch import dispatch
from wagtail_petition.conf import settings
from wagtail_petition.mail import sender
from wagtail_petition.mail.queue import share_of_updates
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.update import Update
from wagtail_petition.pages.lookup import find_page
from wagtail_petition.pages.update_lookup import find_sendable

from .audience import Audience, in_audience, not_yet_reached

State, Mail = Update.State, OutgoingEmail.State

# Emails of one update that wait in the outbox. More are queued when half of them are sent.
WINDOW = 2000
# Signatures per transaction.
CHUNK = 500


class WrongState(Exception):
    """The update's state doesn't allow the action."""


def get_update(petition: Petition, page: Any) -> Update:
    """The ``Update`` of an update's page, with the next number if it is new."""
    with transaction.atomic():
        ledger.lock(petition.pk)
        found = Update.objects.filter(key=page.original_key).first()
        if found is None:
            numbers = petition.updates.aggregate(Max("number"))
            number = (numbers["number__max"] or 0) + 1
            found = Update.objects.create(
                petition=petition, key=page.original_key, title=page.title, number=number
            )
    return found


def start(
    update: Update, audience: Audience, *, title: str, send_at: datetime | None, user: User
) -> None:
    """Send ``update`` to those of an audience who haven't got it, now or at ``send_at``.

    Raises ``WrongState`` if it is being sent.
    """
    now = timezone.now()
    is_later = send_at is not None and send_at > now
    with transaction.atomic():
        newest = _newest(update.petition)
        total = not_yet_reached(update, audience).count()
        waiting = Update.objects.filter(pk=update.pk).exclude(state__in=Update.ACTIVE)
        if not waiting.update(
            state=State.SCHEDULED if is_later else State.SENDING,
            audience=audience.as_data(),
            title=title,
            send_at=send_at if is_later else None,
            problem="",
            until=0 if is_later else newest,
            position=0,
            total=total,
            user=user,
            started_at=None if is_later else now,
            ended_at=None,
        ):
            raise WrongState
        # Signers whose email was skipped may want it by now.
        update.emails.filter(state=Mail.DROPPED).delete()
        _log(update, "send", user, count=total, audience=audience.as_data())
        transaction.on_commit(partial(dispatch, send_updates))


def _newest(petition: Petition) -> int:
    """The id of the newest signature: who signs later doesn't get the update."""
    return petition.signatures.aggregate(newest=Max("pk"))["newest"] or 0


def get_offer(petition: Petition) -> Update | None:
    """The draft that tells a changed closing date to signers, if there is one that still applies."""
    drafts = petition.updates.filter(kind=Update.Kind.DEADLINE, state=State.DRAFT)
    offer = drafts.first()
    return None if offer is None or offer.is_outdated(petition.closes_at) else offer


def discard(update: Update) -> None:
    """Delete a draft that tells a changed closing date. Raises ``WrongState``."""
    drafts = Update.objects.filter(pk=update.pk, kind=Update.Kind.DEADLINE, state=State.DRAFT)
    if not drafts.delete()[0]:
        raise WrongState


def pause(update: Update, user: User | None = None, problem: str = "") -> None:
    """Pause ``update``. Emails that a worker has taken are still sent. Raises ``WrongState``."""
    with transaction.atomic():
        _move(update, (State.SENDING,), State.PAUSED, problem=problem)
        update.emails.filter(state=Mail.DUE, lease="").update(state=Mail.HELD)
        _log(update, "pause", user)


def resume(update: Update, user: User) -> None:
    """Continue sending a paused update. Raises ``WrongState``."""
    with transaction.atomic():
        _move(update, (State.PAUSED,), State.SENDING, problem="")
        _release(update)
        _log(update, "resume", user)
        transaction.on_commit(partial(dispatch, send_updates))


def stop(update: Update, user: User | None = None) -> None:
    """Stop ``update`` for good; it can be sent again later. Raises ``WrongState``."""
    with transaction.atomic():
        _move(update, Update.ACTIVE, State.STOPPED, ended_at=timezone.now())
        update.emails.filter(state__in=[Mail.DUE, Mail.HELD], lease="").delete()
        _log(update, "stop", user)


def _move(update: Update, before: tuple[str, ...], after: str, **changes: Any) -> None:
    found = Update.objects.filter(pk=update.pk, state__in=before)
    if not found.update(state=after, **changes):
        raise WrongState


def _log(update: Update, action: str, user: User | None, **data: Any) -> None:
    log(
        update.petition,
        f"wagtail_petition.{action}_update",
        user=user,
        data={"update": update.number, **data},
    )


# The work


def send_updates(limit: int | None = None) -> int:
    """Send all due emails, and queue the next ones of updates in between. Returns how many were sent.

    With ``limit``, it stops after about that many.
    """
    sent = 0
    while True:
        queued = queue_next()
        # A part of the window, so that it is refilled before it is empty.
        done = sender.drain(limit=WINDOW // 4)
        sent += done
        if limit is not None and sent >= limit:
            return sent
        # Once more, to finish updates whose last emails were skipped.
        if not done and not queued and not queue_next():
            return sent


def queue_next() -> int:
    """Queue the next emails of all updates being sent, and end finished ones. Returns how many."""
    _begin_scheduled()
    return sum(_queue_next(pk) for pk in _being_sent())


def _being_sent() -> list[int]:
    sending = Update.objects.filter(state=State.SENDING).order_by("pk")
    return list(sending.values_list("pk", flat=True))


def _begin_scheduled() -> None:
    now = timezone.now()
    due = Update.objects.filter(state=State.SCHEDULED, send_at__lte=now)
    for update in due.select_related("petition"):
        newest = _newest(update.petition)
        Update.objects.filter(pk=update.pk, state=State.SCHEDULED).update(
            state=State.SENDING, until=newest, started_at=now
        )


def _queue_next(pk: int) -> int:
    queued = 0
    while queued < WINDOW:
        number = _queue_chunk(pk)
        if number is None:
            break
        queued += number
    return queued


@transaction.atomic
def _queue_chunk(pk: int) -> int | None:
    """Queue the emails of some signatures. Returns how many, or None if there is nothing to do."""
    update = _lock(pk)
    if update is None:
        return None
    waiting = update.emails.filter(state=Mail.DUE)[: WINDOW // 2].count()
    if waiting >= WINDOW // 2:
        return None
    problem = get_problem(update)
    if problem == "moved":
        # There is an offer to tell the next date.
        stop(update)
        return None
    if problem:
        pause(update, problem=problem)
        return None
    # Emails that a worker held while the page was offline.
    waiting += _release(update)
    chosen = (
        in_audience(update.petition, Audience(**update.audience))
        .filter(pk__gt=update.position, pk__lte=update.until)
        .order_by("pk")
        .values_list("pk", "email_key")[:CHUNK]
    )
    recipients = list(chosen)
    if not recipients:
        if not waiting:
            Update.objects.filter(pk=pk).update(state=State.SENT, ended_at=timezone.now())
        return None
    ledger.queue_emails(OutgoingEmail.Kind.UPDATE, recipients, update=update)
    Update.objects.filter(pk=pk).update(position=recipients[-1][0])
    return len(recipients)


def _lock(pk: int) -> Update | None:
    """Lock an update that is being sent; None if another worker has locked it, or it has ended."""
    updates = Update.objects.filter(pk=pk, state=State.SENDING)
    if connection.features.has_select_for_update_skip_locked:
        updates = updates.select_for_update(skip_locked=True, of=("self",))
    return updates.select_related("petition").first()


def _release(update: Update) -> int:
    """Queue the held emails again. Returns how many."""
    held = update.emails.filter(state=Mail.HELD)
    return held.update(state=Mail.DUE, due_at=timezone.now())


def get_problem(update: Update) -> str:
    """Why it can't be sent at the moment, or "".

    "offline" if a page of it isn't online, "changed" if one was published since its last test,
    "moved" if it tells a closing date that has changed again or has passed.
    """
    key = update.petition.key
    if update.is_deadline:
        if update.is_outdated(update.petition.closes_at):
            return "moved"
        return "offline" if find_page(key) is None else ""
    pages = find_sendable(update.key, key)
    if find_page(key) is None or not pages:
        return "offline"
    return "" if all(map(update.was_tested, pages)) else "changed"


# What is shown


def count_emails(update: Update) -> dict[str, int]:
    """How many of its emails are in each state: {state: number}."""
    rows = update.emails.order_by().values_list("state").annotate(number=Count("pk"))
    return dict.fromkeys(Mail.values, 0) | dict(rows)


def estimate(number: int) -> timedelta | None:
    """How long sending takes at the hourly limits; None without a limit."""
    limits = [settings.MAILS_PER_HOUR, settings.MAILS_PER_PETITION_PER_HOUR]
    most = [limit for limit in limits if limit]
    return timedelta(hours=number / share_of_updates(min(most))) if most else None
