"""Sending updates: to whom, when, and never twice."""

from datetime import timedelta

import pytest

from tests.helpers import dump
from wagtail_petition import jobs, ledger
from wagtail_petition.mail import sender
from wagtail_petition.mail.opt_out import opt_out
from wagtail_petition.models import OutgoingEmail, PetitionLogEntry, Update
from wagtail_petition.updates import sending

from .conftest import mark_tested

pytestmark = pytest.mark.django_db
State, Mail = Update.State, OutgoingEmail.State


def test_everybody_gets_it_once(signers, update, start, receivers, mailoutbox):
    signers(3)
    start(update)
    assert (update.state, update.total) == (State.SENDING, 3)
    assert sending.send_updates() == 3
    assert sorted(receivers()) == [f"signer{i}@example.org" for i in range(3)]
    assert mailoutbox[0].subject == "The minister has answered"
    assert "?source=update-1" in mailoutbox[0].body
    update.refresh_from_db()
    assert update.state == State.SENT
    assert update.ended_at
    assert sending.send_updates() == 0


def test_the_worker_sends_it(signers, update, start, receivers):
    signers(2)
    start(update)
    assert jobs.send_mails() == 2
    assert len(receivers()) == 2


@pytest.mark.usefixtures("_worker")
def test_no_other_worker_is_woken_who_would_not_end_it(
    signers, update, start, django_capture_on_commit_callbacks
):
    signers(2)
    start(update)
    with django_capture_on_commit_callbacks() as woken:
        assert sending.queue_next() == 2
    assert not woken


@pytest.mark.usefixtures("_worker")
def test_each_in_their_language_or_else_the_source_s(
    page, translated, signers, make_update, italian, start, mailoutbox
):
    english = make_update()
    other = english.copy_for_translation(italian)
    other.title = "La ministra ha risposto"
    other.save_revision().publish()
    update = sending.get_update(page.petition, english)
    signers(1)
    (roman,) = signers(1, of=translated)
    (stranger,) = signers(1)
    type(stranger).objects.filter(pk=stranger.pk).update(language="ar")
    start(update)
    sending.send_updates()
    subjects = {mail.to[0]: mail.subject for mail in mailoutbox}
    assert subjects == {
        "signer0@example.org": "The minister has answered",
        roman.email: "La ministra ha risposto",
        stranger.email: "The minister has answered",
    }


# Never twice


def test_sent_again_it_reaches_only_those_who_have_not_got_it(signers, update, start, receivers):
    signers(2)
    start(update, countries=["IT"])
    sending.send_updates()
    signers(1, country="FR")
    start(update)
    assert update.total == 1
    assert sending.send_updates() == 1
    assert len(receivers()) == len(set(receivers())) == 3


def test_it_can_not_be_started_twice(signers, update, start):
    signers(1)
    start(update)
    with pytest.raises(sending.WrongState):
        start(update)


def test_queueing_again_from_the_start_queues_nobody_twice(
    signers, update, start, receivers, monkeypatch
):
    monkeypatch.setattr(sending, "CHUNK", 2)
    signers(5)
    start(update)
    sending.queue_next()
    # As if a worker had died before it stored how far it got.
    Update.objects.update(position=0)
    sending.queue_next()
    sending.send_updates()
    assert len(receivers()) == len(set(receivers())) == 5


def test_another_worker_takes_over_what_one_was_sending(
    signers, update, start, receivers, clock, monkeypatch
):
    signers(3)
    start(update)
    sending.queue_next()
    assert len(sender.take(2)) == 2  # and died
    assert sending.send_updates() == 1
    clock.forward(hours=1)
    assert sending.send_updates() == 2
    assert len(receivers()) == len(set(receivers())) == 3
    update.refresh_from_db()
    assert update.state == State.SENT


# Memory and the outbox


def test_only_some_wait_in_the_outbox(signers, update, start, monkeypatch):
    monkeypatch.setattr(sending, "WINDOW", 4)
    monkeypatch.setattr(sending, "CHUNK", 2)
    signers(9)
    start(update)
    sending.queue_next()
    assert update.emails.count() == 2
    sending.queue_next()
    assert update.emails.count() == 2
    assert sending.send_updates() == 9


def test_confirmations_and_receipts_go_first(signers, update, start, make_signature, receivers):
    signers(3)
    start(update)
    sending.queue_next()
    make_signature(email="late@example.org")
    sender.drain(limit=1)
    assert receivers() == ["late@example.org"]


def test_the_hourly_limit_holds_and_the_rest_follows(
    signers, update, start, settings, clock, receivers
):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "MAILS_PER_HOUR": 3}
    signers(5)
    start(update)
    # A fifth of the limit is left for people who sign meanwhile.
    assert sending.estimate(update.total) == timedelta(hours=2.5)
    for expected in (2, 4, 5):
        sending.send_updates()
        assert len(receivers()) == expected
        clock.forward(minutes=61)
    assert len(set(receivers())) == 5


def test_people_who_sign_find_a_part_of_the_limit_left(
    signers, update, start, settings, make_signature, receivers
):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "MAILS_PER_HOUR": 10}
    signers(12)
    start(update)
    sending.send_updates()
    assert len(receivers()) == 8
    make_signature(email="late@example.org")
    sending.send_updates()
    assert receivers()[8:] == ["late@example.org"]


# Who is left out at the last moment


@pytest.mark.parametrize("leave", ["withdraw", "news", "opt_out", "invalidate", "anonymise"])
def test_who_leaves_after_it_was_queued_gets_none(signers, update, start, receivers, page, leave):
    leaver, other = signers(2)
    start(update)
    sending.queue_next()
    if leave == "withdraw":
        ledger.withdraw(leaver)
    elif leave == "news":
        ledger.set_wants_news(leaver, False)
    elif leave == "opt_out":
        opt_out(leaver.email)
    elif leave == "invalidate":
        ledger.invalidate([leaver.pk], petition=page.petition)
    else:
        ledger.anonymise([leaver.pk], petition=page.petition)
    sending.send_updates()
    assert receivers() == [other.email]
    update.refresh_from_db()
    assert update.state == State.SENT


def test_who_wants_news_again_gets_it_when_it_is_sent_again(signers, update, start, receivers):
    (leaver,) = signers(1)
    start(update)
    sending.queue_next()
    ledger.set_wants_news(leaver, False)
    sending.send_updates()
    assert receivers() == []
    ledger.set_wants_news(leaver, True)
    start(update)
    sending.send_updates()
    assert receivers() == [leaver.email]


def test_who_signs_later_is_not_among_them(signers, update, start, receivers):
    signers(1)
    start(update)
    late = signers(1)
    sending.send_updates()
    assert late[0].email not in receivers()


# Pause, resume, stop


def test_pausing_holds_it_at_once_and_resuming_sends_the_rest(
    signers, update, start, receivers, admin_user
):
    signers(3)
    start(update)
    sending.queue_next()
    sender.drain(limit=1)
    sending.pause(update, admin_user)
    assert sending.send_updates() == 0
    assert sending.count_emails(update)[Mail.HELD] == 2
    sending.resume(update, admin_user)
    assert sending.send_updates() == 2
    assert len(set(receivers())) == 3


def test_what_a_dead_worker_had_taken_is_held_too(
    signers, update, start, receivers, admin_user, clock
):
    signers(2)
    start(update)
    sending.queue_next()
    sender.take(1)
    sending.pause(update, admin_user)
    clock.forward(hours=1)
    assert sending.send_updates() == 0
    sending.resume(update, admin_user)
    sending.send_updates()
    assert len(receivers()) == len(set(receivers())) == 2


def test_stopping_ends_it_and_it_can_be_sent_again(signers, update, start, receivers, admin_user):
    signers(3)
    start(update)
    sending.queue_next()
    sender.drain(limit=1)
    sending.stop(update, admin_user)
    assert sending.send_updates() == 0
    assert len(receivers()) == 1
    start(update)
    assert update.total == 2
    sending.send_updates()
    assert len(receivers()) == len(set(receivers())) == 3


@pytest.mark.parametrize("action", [sending.pause, sending.resume, sending.stop])
def test_what_is_not_being_sent_can_not_be_paused_or_stopped(update, admin_user, action):
    with pytest.raises(sending.WrongState):
        action(update, admin_user)


def test_it_is_paused_while_its_page_is_not_online(
    signers, update, start, receivers, make_update, admin_user, page
):
    signers(1)
    start(update)
    article = page.get_children().get()
    article.specific.unpublish()
    assert sending.send_updates() == 0
    update.refresh_from_db()
    assert (update.state, update.problem) == (State.PAUSED, "offline")
    article.specific.save_revision().publish()
    mark_tested(update)
    sending.resume(update, admin_user)
    sending.send_updates()
    assert len(receivers()) == 1


def test_it_is_paused_once_its_text_changes(signers, update, start, receivers, admin_user, page):
    """Nobody gets a text that nobody read as an email, not even of those who are queued."""
    signers(3)
    start(update)
    sending.queue_next()
    sender.drain(limit=1)
    article = page.get_children().get().specific
    article.title = "Read by nobody"
    article.save_revision().publish()
    assert sending.send_updates() == 0
    update.refresh_from_db()
    assert (update.state, update.problem) == (State.PAUSED, "changed")
    mark_tested(update)
    sending.resume(update, admin_user)
    assert sending.send_updates() == 2
    assert len(receivers()) == len(set(receivers())) == 3


# At a time


def test_it_is_sent_at_its_time_to_those_who_have_signed_by_then(
    signers, update, start, receivers, clock
):
    signers(1)
    start(update, send_at=clock.now() + timedelta(hours=2))
    assert update.state == State.SCHEDULED
    sending.send_updates()
    assert receivers() == []
    signers(1)
    clock.forward(hours=2)
    sending.send_updates()
    assert len(receivers()) == 2


def test_a_scheduled_one_can_be_stopped(signers, update, start, receivers, clock, admin_user):
    signers(1)
    start(update, send_at=clock.now() + timedelta(hours=2))
    sending.stop(update, admin_user)
    clock.forward(hours=3)
    sending.send_updates()
    assert receivers() == []


# What is kept


def test_each_step_is_logged_without_personal_data(signers, update, start, admin_user):
    signers(1)
    start(update, countries=["IT"])
    sending.pause(update, admin_user)
    sending.resume(update, admin_user)
    sending.stop(update, admin_user)
    entries = PetitionLogEntry.objects.filter(data__update=update.number).order_by("pk")
    assert [entry.action.partition(".")[2] for entry in entries] == [
        *("send_update", "pause_update", "resume_update", "stop_update")
    ]
    assert entries[0].data == {"update": 1, "count": 1, "audience": {"countries": ["IT"]}}
    assert {entry.user for entry in entries} == {admin_user}


def test_erasing_leaves_no_trace_of_the_person(signers, update, start, page):
    (signer,) = signers(1, given_name="Unmistakable", email="unmistakable@example.org")
    start(update)
    sending.send_updates()
    ledger.erase([signer.pk], petition=page.petition)
    assert not update.emails.exists()
    assert "nmistakable" not in dump()


def test_numbers_are_counted_per_petition(page, make_page, make_update, update):
    assert sending.get_update(page.petition, make_update()).number == 2
    other = make_page(title="Another")
    assert sending.get_update(other.petition, make_update(other)).number == 1
    assert sending.get_update(page.petition, page.get_children().first().specific) == update
