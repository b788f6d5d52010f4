"""A changed closing date is offered for sending to signers who asked for news."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.helpers import path_in
from wagtail_petition import jobs, ledger
from wagtail_petition.models import OutgoingEmail, Update
from wagtail_petition.updates import sending
from wagtail_petition.updates.audience import Audience

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_worker")]
State, Mail = Update.State, OutgoingEmail.State


@pytest.fixture
def now(clock):
    clock.stop(datetime(2026, 10, 1, 12, tzinfo=timezone.get_default_timezone()))
    return clock.now()


@pytest.fixture
def day(now):
    """The end of a day, so many days from now."""
    return lambda days: (now + timedelta(days=days)).replace(hour=23, minute=59)


@pytest.fixture
def close(page):
    """Publish the page with another closing date; returns what is offered."""

    def close(closes_at):
        page.refresh_from_db()
        page.closes_at = closes_at
        page.save_revision().publish()
        return sending.get_offer(type(page.petition).objects.get(pk=page.petition.pk))

    return close


@pytest.fixture
def send(admin_user):
    def send(update, **audience):
        sending.start(update, Audience(**audience), title="", send_at=None, user=admin_user)
        return jobs.send_mails()

    return send


def test_it_is_offered_and_not_sent_by_itself(signers, close, day, mailoutbox):
    signers(1)
    assert close(None) is None
    offer = close(day(30))
    assert (offer.closed_before, offer.closes_at) == (None, day(30))
    assert jobs.send_mails() == 0
    assert not mailoutbox


@pytest.mark.parametrize("wants_news", [True, False])
def test_only_if_somebody_asked_for_news(signers, close, day, wants_news):
    signers(1, wants_news=wants_news)
    assert bool(close(day(30))) == wants_news


def test_not_for_a_new_page_or_another_change(page, signers, close, day):
    signers(1)
    offer = close(day(30))
    sending.discard(offer)
    page.goal = 777
    assert close(day(30)) is None


def test_a_draft_offers_nothing(page, signers, day):
    signers(1)
    page.closes_at = day(30)
    page.save_revision()
    assert sending.get_offer(page.petition) is None


def test_not_when_it_closes_now(signers, close, day):
    signers(1)
    assert close(day(-1)) is None


def test_moved_twice_the_offer_names_the_date_that_signers_know(signers, close, day):
    signers(1)
    sending.discard(close(day(30)))
    close(day(40))
    offer = close(day(50))
    assert (offer.closed_before, offer.closes_at) == (day(30), day(50))
    assert close(day(30)) is None
    assert not Update.objects.exists()


def test_an_offer_ends_with_its_date(signers, close, day, page, clock):
    signers(1)
    close(day(5))
    clock.forward(days=6)
    assert sending.get_offer(page.petition) is None


# The email


def test_it_says_both_dates_and_has_the_links_of_an_update(
    signers, close, day, send, mailoutbox, client
):
    (signature,) = signers(1)
    sending.discard(close(day(30)))
    assert send(close(day(60))) == 1
    [mail] = mailoutbox
    assert mail.subject == "Open until Nov. 30, 2026: Stop separating families"
    assert "until Nov. 30, 2026, not only until Oct. 31, 2026." in mail.body
    assert "?source=update-1" in mail.body
    unsubscribe = mail.extra_headers["List-Unsubscribe"]
    assert unsubscribe.endswith("?news>")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    client.post(path_in(mail, "unsubscribe").split()[0])
    signature.refresh_from_db()
    assert not signature.wants_news


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (30, 20, "closes earlier than planned. It can be signed until Oct. 21, 2026"),
        (30, None, "stays open. It does not close on Oct. 31, 2026."),
        (None, 30, "has a closing date now. It can be signed until Oct. 31, 2026."),
        (-5, 30, "is open again. It can be signed until Oct. 31, 2026."),
        (-5, None, "is open again.\n"),
    ],
)
def test_each_change_is_said(signers, close, day, send, mailoutbox, before, after, text):
    signers(1)
    if before is not None and (offer := close(day(before))):
        sending.discard(offer)
    assert send(close(None if after is None else day(after))) == 1
    assert text in mailoutbox[0].body


def test_each_in_their_language(signers, translated, close, day, send, mailoutbox):
    signers(1)
    (roman,) = signers(1, of=translated)
    send(close(day(30)))
    languages = {
        mail.to[0]: re.search(r'<html lang="(\w+)"', mail.alternatives[0][0])[1]
        for mail in mailoutbox
    }
    assert languages == {"signer0@example.org": "en", roman.email: "it"}
    assert "31 ottobre 2026" in next(m.body for m in mailoutbox if m.to == [roman.email])


# As an update


def test_nobody_gets_it_twice(signers, close, day, send, receivers):
    signers(3)
    offer = close(day(30))
    assert send(offer, countries=["IT"]) == 3
    offer.refresh_from_db()
    assert offer.state == State.SENT
    assert send(offer) == 0
    assert len(receivers()) == 3


def test_pause_resume_and_stop(signers, close, day, receivers, admin_user):
    signers(3)
    offer = close(day(30))
    sending.start(offer, Audience(), title="", send_at=None, user=admin_user)
    sending.queue_next()
    sending.pause(offer, admin_user)
    assert jobs.send_mails() == 0
    sending.resume(offer, admin_user)
    assert jobs.send_mails() == 3
    assert len(receivers()) == 3


def test_it_waits_while_the_page_is_offline(page, signers, close, day, send, receivers):
    signers(2)
    offer = close(day(30))
    page.refresh_from_db()
    page.unpublish()
    assert send(offer) == 0
    offer.refresh_from_db()
    assert (offer.state, offer.problem) == (State.PAUSED, "offline")


def test_if_the_date_moves_again_it_stops(signers, close, day, receivers, admin_user, send):
    signers(3)
    first = close(day(30))
    sending.start(first, Audience(), title="", send_at=None, user=admin_user)
    sending.queue_next()
    second = close(day(60))
    assert jobs.send_mails() == 0
    first.refresh_from_db()
    assert first.emails.filter(state=Mail.SENT).count() == 0
    assert (second.closed_before, second.closes_at) == (day(30), day(60))
    assert send(second) == 3
    assert len(receivers()) == 3


def test_who_withdraws_or_wants_no_more_news_gets_none(signers, close, day, admin_user, receivers):
    first, second, third = signers(3)
    offer = close(day(30))
    sending.start(offer, Audience(), title="", send_at=None, user=admin_user)
    sending.queue_next()
    ledger.withdraw(first)
    ledger.set_wants_news(second, False)
    assert jobs.send_mails() == 1
    assert receivers() == [third.email]
