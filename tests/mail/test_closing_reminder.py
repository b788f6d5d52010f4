"""The closing reminder: once, a day before closing, to unconfirmed signers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from wagtail_petition.mail import closing_reminder, sender
from wagtail_petition.models import OutgoingEmail

pytestmark = pytest.mark.django_db


@pytest.fixture
def closing(make_page):
    """A petition that closes within a day."""
    return make_page(closes_at=timezone.now() + timedelta(hours=20))


def last_calls():
    return OutgoingEmail.objects.filter(kind="last_call")


def test_each_address_once(closing, make_signature):
    make_signature(closing, confirm=False, email="anna@example.org")
    make_signature(closing, confirm=False, email="Anna+again@example.org")
    make_signature(closing, confirm=False, email="bruno@example.org")
    assert closing_reminder.queue_closing_reminders() == 2
    assert closing_reminder.queue_closing_reminders() == 0
    assert last_calls().count() == 2


def test_not_to_whom_another_attempt_counts(closing, make_signature):
    make_signature(closing, email="anna@example.org")
    make_signature(closing, confirm=False, email="anna@example.org")
    assert closing_reminder.queue_closing_reminders() == 0


def test_not_two_days_before(make_page, make_signature):
    page = make_page(closes_at=timezone.now() + timedelta(hours=48))
    make_signature(page, confirm=False)
    assert closing_reminder.queue_closing_reminders() == 0


def test_not_where_reminders_are_off(make_page, make_signature):
    page = make_page(closes_at=timezone.now() + timedelta(hours=20), send_reminder=False)
    make_signature(page, confirm=False)
    assert closing_reminder.queue_closing_reminders() == 0


def test_the_mail_names_the_hour_and_has_a_link(closing, make_signature, mailoutbox):
    make_signature(closing, confirm=False)
    closing_reminder.queue_closing_reminders()
    OutgoingEmail.objects.exclude(kind="last_call").delete()
    sender.drain()
    [mail] = mailoutbox
    assert mail.subject.startswith("Last call to confirm")
    assert "/petitions/confirm/" in mail.body
    assert "doesn’t count yet" in mail.body
