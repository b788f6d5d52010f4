"""The worker: once from cron, or until it is stopped."""

import os
import signal
import threading

import pytest
from django.core.management import call_command
from django.db import OperationalError

from wagtail_petition import jobs


@pytest.mark.django_db
def test_once_it_sends_what_is_owed(settings, make_signature, mailoutbox, capsys):
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
    make_signature(confirm=False)
    call_command("run_petition_jobs")
    assert "Sent 1 mails." in capsys.readouterr().out
    assert len(mailoutbox) == 1


def stop():
    """What a supervisor sends."""
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.fixture
def _watched(monkeypatch):
    """Nothing but mails waits, and the signals' handlers are put back."""
    monkeypatch.setattr(jobs, "work_off", lambda: None)
    monkeypatch.setattr(jobs, "housekeeping", lambda: None)
    kept = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    yield
    for name, handler in kept.items():
        signal.signal(name, handler)


@pytest.mark.usefixtures("_watched")
def test_it_watches_until_it_is_stopped(monkeypatch, capsys):
    rounds = iter([lambda: 3, lambda: 0, stop])
    monkeypatch.setattr(jobs, "send_mails", lambda: next(rounds)() or 0)
    call_command("run_petition_jobs", watch=True, interval=0.01)
    assert "Stopped." in capsys.readouterr().out
    assert next(rounds, None) is None


@pytest.mark.usefixtures("_watched")
def test_a_database_that_restarts_does_not_stop_it(monkeypatch, caplog):
    seen = threading.Event()

    def restart():
        seen.set()
        raise OperationalError("the database is restarting")

    rounds = iter([restart, stop])
    monkeypatch.setattr(jobs, "send_mails", lambda: next(rounds)() or 0)
    call_command("run_petition_jobs", watch=True, interval=0.01)
    assert seen.is_set()
    assert "the database is restarting" in caplog.text


@pytest.mark.usefixtures("_watched")
def test_mails_do_not_wait_for_other_work(monkeypatch, capsys):
    sent_meanwhile = threading.Event()

    def make_delivery():
        assert sent_meanwhile.wait(60)
        stop()

    # The first round may be over before the other work starts; the third is not.
    rounds = iter([lambda: 1, lambda: 1, sent_meanwhile.set])
    monkeypatch.setattr(jobs, "send_mails", lambda: next(rounds, lambda: 0)() or 0)
    monkeypatch.setattr(jobs, "work_off", make_delivery)
    call_command("run_petition_jobs", watch=True, interval=0.01)
    assert "Stopped." in capsys.readouterr().out


@pytest.mark.usefixtures("_watched")
def test_what_fails_in_either_loop_ends_the_worker(monkeypatch):
    def fail():
        raise ValueError("a bug")

    monkeypatch.setattr(jobs, "send_mails", lambda: 0)
    monkeypatch.setattr(jobs, "work_off", fail)
    with pytest.raises(ValueError, match="a bug"):
        call_command("run_petition_jobs", watch=True, interval=0.01)
