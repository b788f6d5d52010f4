"""All faults of a real mail server: each email is finally sent, or marked as failed."""

import threading
from collections import Counter

import pytest
from django.utils import timezone

from tests.helpers import at_once
from wagtail_petition import ledger
from wagtail_petition.mail import sender
from wagtail_petition.models import OutgoingEmail

State = OutgoingEmail.State
PEOPLE = 5


@pytest.fixture
def recipients(page):
    """The addresses with a queued email."""
    addresses = [f"person{i}@example.org" for i in range(PEOPLE)]
    for address in addresses:
        ledger.sign(page, email=address, given_name="Anna")
    return addresses


def confirm_mails():
    return OutgoingEmail.objects.filter(kind="confirm")


def drain_until_settled(clock, rounds=20):
    """Do a worker's work of two days at once."""
    for _round in range(rounds):
        if not confirm_mails().filter(state=State.DUE).exists():
            return
        sender.drain()
        clock.forward(minutes=20)


def once_each(addresses):
    return Counter(addresses)


@pytest.mark.django_db
def test_sound_server(server, recipients):
    assert sender.drain() == PEOPLE
    assert once_each(server.delivered) == once_each(recipients)
    assert set(confirm_mails().values_list("state", flat=True)) == {State.SENT}


@pytest.mark.django_db
def test_server_that_refuses_connections(server, recipients, clock):
    server.stop()
    assert sender.drain() == 0
    assert not confirm_mails().exclude(state=State.DUE).exists()
    assert "ConnectionRefusedError" in confirm_mails().first().last_error
    assert sender.drain() == 0, "not before the next try is due"
    server.start()
    drain_until_settled(clock)
    assert once_each(server.delivered) == once_each(recipients)


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["at_rcpt", "at_data"])
def test_temporary_refusal(server, recipients, clock, stage):
    tries = Counter()

    def busy_twice(address):
        tries[address] += 1
        return "451 greylisted" if address == recipients[1] and tries[address] <= 2 else None

    setattr(server, stage, busy_twice)
    assert sender.drain() == PEOPLE - 1, "the others are not held up"
    drain_until_settled(clock)
    assert once_each(server.delivered) == once_each(recipients)
    assert tries[recipients[1]] == 3


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["at_rcpt", "at_data"])
def test_permanent_refusal(server, recipients, clock, stage):
    tries = Counter()

    def unknown(address):
        tries[address] += 1
        return f"550 5.1.1 <{address}>: no such user" if address == recipients[1] else None

    setattr(server, stage, unknown)
    drain_until_settled(clock)
    assert once_each(server.delivered) == once_each(a for a in recipients if a != recipients[1])
    assert tries[recipients[1]] == 1
    (dead,) = confirm_mails().filter(state=State.FAILED)
    assert dead.last_error == "550 5.1.1 <…>: no such user"


@pytest.mark.django_db
def test_refused_sender_is_ours_to_mend_and_no_mail_is_lost(server, recipients, clock):
    server.at_mail = lambda address: "550 5.7.1 sender not allowed"
    assert sender.drain() == 0
    assert not confirm_mails().exclude(state=State.DUE).exists()
    server.at_mail = lambda address: None
    drain_until_settled(clock)
    assert once_each(server.delivered) == once_each(recipients)


@pytest.mark.django_db
def test_server_that_closes_for_a_while(server, recipients, clock):
    said = []

    def closing(address):
        said.append(address)
        return "421 4.3.2 shutting down" if len(said) == 2 else None

    server.at_rcpt = closing
    drain_until_settled(clock)
    assert once_each(server.delivered) == once_each(recipients)


@pytest.mark.django_db
def test_server_that_drops_after_data(server, recipients, clock):
    server.drops_after_data = 1
    drain_until_settled(clock)
    delivered = once_each(server.delivered)
    assert set(delivered) == set(recipients), "everybody got it"
    assert sum(delivered.values()) - PEOPLE == 1, "and one got it twice, which nobody can know"


@pytest.mark.django_db
def test_server_that_hangs(server, recipients, clock):
    server.hangs = 1
    assert sender.drain() == 0
    assert confirm_mails().filter(state=State.DUE).count() == PEOPLE
    assert "timed out" in confirm_mails().first().last_error
    drain_until_settled(clock)
    assert once_each(server.delivered) == once_each(recipients)


@pytest.mark.django_db
def test_server_that_never_comes_back(server, recipients, clock):
    server.stop()
    for _try in range(len(sender.RETRIES)):
        sender.drain()
        assert set(confirm_mails().values_list("state", flat=True)) == {State.DUE}
        clock.forward(hours=17)
    sender.drain()
    assert set(confirm_mails().values_list("state", flat=True)) == {State.FAILED}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("workers", [2, 4, 8])
def test_workers_that_drain_one_outbox_send_nothing_twice(server, page, workers):
    addresses = [f"person{i}@example.org" for i in range(60)]
    for address in addresses:
        ledger.sign(page, email=address, given_name="Anna")
    results = at_once(workers, lambda i: sender.drain())
    assert [r for r in results if isinstance(r, Exception)] == []
    assert sum(results) == 60
    assert once_each(server.delivered) == once_each(addresses)
    assert OutgoingEmail.objects.filter(state=State.SENT, sent_at__lte=timezone.now()).count() == 60


@pytest.mark.django_db(transaction=True)
def test_mail_is_sent_by_a_thread_of_the_web_process(server, post, settings):
    settings.WAGTAIL_PETITION = {"BACKGROUND": "thread"}
    assert post().status_code == 303
    for thread in threading.enumerate():
        if thread.name.startswith("petition-"):
            thread.join()
    assert server.delivered == ["anna@example.org"]
