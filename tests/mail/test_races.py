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


class Mailer:
    """An email backend that lets somebody else do something while it sends."""

    def __init__(self, meanwhile):
        self.meanwhile = meanwhile

    def send_messages(self, messages):
        self.meanwhile()

    def open(self):
        pass

    close = open


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row locks")
@pytest.mark.django_db(transaction=True)
def test_attempts_are_deleted_while_their_email_is_sent(settings, make_signature, monkeypatch):
    """Neither waits for the other: no deadlock, and nobody's work is lost."""
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
    attempt = make_signature(confirm=False)
    locked, failures = threading.Event(), []
    forget = PetitionLogEntry.objects.forget

    def wait_and_forget(pks):
        locked.set()
        wait_until_another_waits()
        return forget(pks)

    def delete():
        try:
            ledger.forget_attempts([attempt.pk])
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    deleting = threading.Thread(target=delete)

    def meanwhile():
        deleting.start()
        assert locked.wait(20)

    monkeypatch.setattr(PetitionLogEntry.objects, "forget", wait_and_forget)
    monkeypatch.setattr(sender, "open_mailer", lambda **options: Mailer(meanwhile))
    sender.drain()
    deleting.join()
    assert failures == []
    assert not Signature.objects.exists()
    assert not OutgoingEmail.objects.exists()
