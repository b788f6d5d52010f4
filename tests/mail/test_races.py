"""Sending an email while its signature is deleted."""

import threading
import time

import pytest
from django.db import connection, connections

from wagtail_petition import ledger
from wagtail_petition.mail import sender
from wagtail_petition.models import OutgoingEmail, Signature
from wagtail_petition.models.log import PetitionLogEntry


def wait_until_another_waits():
    """Wait until another connection to this database waits for a lock."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                "AND datname = current_database() AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row locks")
@pytest.mark.django_db(transaction=True)
def test_attempts_are_deleted_while_their_email_is_made(
    settings, make_signature, monkeypatch, mailoutbox
):
    """No deadlock, and nobody's work is lost."""
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
    attempts = [make_signature(confirm=False, email=f"{name}@example.org") for name in "abc"]
    decide = sender.what_to_send
    locked, failures = threading.Event(), []
    forget = PetitionLogEntry.objects.forget

    def wait_and_forget(pks):
        locked.set()
        wait_until_another_waits()
        return forget(pks)

    def delete():
        try:
            ledger.forget_attempts([attempt.pk for attempt in attempts[:2]])
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    deleting = threading.Thread(target=delete)

    def decide_while_others_delete(mail, *about):
        decided = decide(mail, *about)
        if mail.signature == attempts[0]:
            deleting.start()
            assert locked.wait(20)
        return decided

    monkeypatch.setattr(PetitionLogEntry.objects, "forget", wait_and_forget)
    monkeypatch.setattr(sender, "what_to_send", decide_while_others_delete)
    assert sender.drain() == 1
    deleting.join()
    assert failures == []
    assert [message.to for message in mailoutbox] == [["c@example.org"]]
    assert list(Signature.objects.all()) == [attempts[2]]
    assert set(OutgoingEmail.objects.values_list("signature", flat=True)) == {attempts[2].pk}
