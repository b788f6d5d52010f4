"""The history of a delivery: who did what, and what was added to its record."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.admin.utils import get_user_display_name

from wagtail_petition.models import (
    Delivery,
    DeliveryNote,
    DeliveryOutcome,
    PetitionLogEntry,
    RecipientVisit,
)

# How many of the newest log entries are shown.
SHOWN = 100
# Logged actions whose entries in the record are shown instead.
RECORDED = ["wagtail_petition.add_delivery_note", "wagtail_petition.add_outcome"]


class Event(NamedTuple):
    """An event: when, what, by whom, of which file, with which note or outcome."""

    at: datetime
    what: str
    who: str = ""
    file: str = ""
    note: DeliveryNote | None = None
    outcome: DeliveryOutcome | None = None


def get_history(delivery: Delivery) -> list[Event]:
    """The events of ``delivery``, newest first.

    The site may delete old log entries. Notes and outcomes are part of the delivery's record and stay.
    """
    about = Q(data__delivery=delivery.pk)
    if delivery.split_id:
        # Creating and downloading all parts is logged once.
        about |= Q(data__split=delivery.split_id)
    entries = PetitionLogEntry.objects.filter(about, petition=delivery.petition_id).exclude(
        action__in=RECORDED
    )
    events = [
        Event(entry.timestamp, entry.message, entry.user_display_name, entry.data.get("file", ""))
        for entry in entries.select_related("user")[:SHOWN]
    ]
    events += [
        Event(
            note.created_at, _("Added to the record"), get_user_display_name(note.user), note=note
        )
        for note in delivery.notes.select_related("user", "erased_by")
    ]
    emails = delivery.emails.exclude(reminder=None)
    events += [
        Event(sent_at, _("Reminder sent to the recipient"))
        for sent_at in emails.values_list("reminder__sent_at", flat=True)
        if sent_at
    ]
    events += [
        Event(
            outcome.created_at,
            _("Outcome added"),
            get_user_display_name(outcome.user),
            outcome=outcome,
        )
        for outcome in delivery.outcomes.select_related("user", "erased_by")
    ]
    visits = RecipientVisit.objects.filter(link__delivery=delivery)
    events += [
        Event(
            visit.at,
            _describe(visit),
            file=visit.file,
        )
        for visit in visits[:SHOWN]
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _describe(visit):
    if not visit.file:
        return _("Opened by the recipient")
    if visit.is_corrected:
        return _("Corrected file downloaded by the recipient")
    return _("Downloaded by the recipient")
