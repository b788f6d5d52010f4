"""Bounces and complaints, told by django-anymail's own signal."""

import pytest

from wagtail_petition import ledger
from wagtail_petition.access.filters import SignatureFilterSet
from wagtail_petition.ledger import queue_email
from wagtail_petition.mail import sender
from wagtail_petition.mail.opt_out import is_opted_out
from wagtail_petition.models import OutgoingEmail, Signature
from wagtail_petition.moderation.suspicious import report
from wagtail_petition.updates.audience import Audience, in_audience

signals = pytest.importorskip("anymail.signals")
pytestmark = pytest.mark.django_db
Event, Reason = signals.EventType, signals.RejectReason
State = Signature.EmailState


@pytest.fixture
def happens():
    """Let the email provider report an event about an address."""

    def happens(kind, recipient="anna@example.org", **details):
        event = signals.AnymailTrackingEvent(event_type=kind, recipient=recipient, **details)
        signals.tracking.send(sender=object, event=event, esp_name="Test")

    return happens


@pytest.fixture
def anna(page, make_signature):
    return make_signature(page, email="anna@example.org", wants_news=True)


def test_a_hard_bounce_ends_emails_and_leaves_the_count(happens, anna, page, mailoutbox):
    OutgoingEmail.objects.all().delete()
    happens(Event.BOUNCED, reject_reason=Reason.BOUNCED)
    anna.refresh_from_db()
    assert anna.email_state == State.BOUNCED
    assert anna.status == Signature.Status.CONFIRMED
    page.petition.refresh_from_db()
    assert page.petition.signature_count == 1
    assert ledger.recount(page.petition) == []
    queue_email(anna, OutgoingEmail.Kind.MOVED)
    sender.drain()
    assert mailoutbox == []
    assert not in_audience(page.petition, Audience()).exists()


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Event.BOUNCED, Reason.TIMED_OUT),
        (Event.BOUNCED, Reason.OTHER),
        (Event.REJECTED, Reason.SPAM),
        (Event.DEFERRED, None),
        (Event.DELIVERED, None),
        (Event.OPENED, None),
    ],
)
def test_what_passes_changes_nothing(happens, anna, kind, reason):
    happens(kind, reject_reason=reason)
    anna.refresh_from_db()
    assert anna.email_state == State.OK
    assert anna.wants_news
    assert not is_opted_out("anna@example.org")


@pytest.mark.parametrize("recipient", ["ANNA@Example.org", "anna+news@example.org"])
def test_all_spellings_of_a_mailbox_are_one(happens, anna, recipient):
    happens(Event.REJECTED, recipient, reject_reason=Reason.INVALID)
    anna.refresh_from_db()
    assert anna.email_state == State.BOUNCED


@pytest.mark.parametrize("recipient", [None, "", "nobody", "stranger@example.org"])
def test_strangers_are_no_error(happens, anna, recipient):
    happens(Event.BOUNCED, recipient, reject_reason=Reason.BOUNCED)
    anna.refresh_from_db()
    assert anna.email_state == State.OK


def test_a_complaint_stops_all_emails_for_good(happens, anna):
    happens(Event.COMPLAINED)
    happens(Event.BOUNCED, reject_reason=Reason.BOUNCED)
    anna.refresh_from_db()
    assert anna.email_state == State.COMPLAINED
    assert not anna.wants_news
    assert is_opted_out("anna@example.org")


def test_unsubscribing_at_the_provider_counts(happens, anna):
    happens(Event.UNSUBSCRIBED)
    anna.refresh_from_db()
    assert (anna.email_state, anna.wants_news) == (State.OK, False)
    assert is_opted_out("anna@example.org")


def test_who_asks_for_news_again_gets_emails_again(happens, anna, page):
    happens(Event.BOUNCED, reject_reason=Reason.BOUNCED)
    ledger.set_wants_news(anna, True)
    assert in_audience(page.petition, Audience()).get() == anna


def test_erasing_forgets_it(happens, anna, page):
    happens(Event.BOUNCED, reject_reason=Reason.BOUNCED)
    ledger.anonymise([anna.pk], petition=page.petition)
    anna.refresh_from_db()
    assert anna.email_state == State.OK


def test_organisers_see_it(happens, anna, make_signature, page, admin_user):
    make_signature(page, email="other@example.org")
    happens(Event.BOUNCED, reject_reason=Reason.BOUNCED)
    _number, sections = report(page.petition)
    (finding,) = next(each for each in sections if each.key == "bounced").findings
    assert (finding.what, finding.count) == ("example.org", 1)
    listed = SignatureFilterSet(
        {"email_state": "bounced"}, Signature.objects.all(), user=admin_user
    )
    assert list(listed.qs) == [anna]
