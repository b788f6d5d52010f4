"""Reading the mailbox of bounces."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.mail.reports import report
from wagtail_petition.mail import sender
from wagtail_petition.models import Signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def maildir(tmp_path, settings):
    for name in ("new", "cur"):
        (tmp_path / name).mkdir()
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker", "BOUNCE_MAILBOX": f"maildir:{tmp_path}"}
    return tmp_path


def run():
    out = StringIO()
    call_command("read_bounces", stdout=out)
    return out.getvalue().strip()


def test_each_report_is_read_once_and_all_else_left(maildir, page, make_signature, mailoutbox):
    for name in ("anna", "bruno", "carla"):
        make_signature(page, email=f"{name}@example.org")
    sender.drain()
    anna, bruno, _carla = (mail.message()["Message-ID"].strip() for mail in mailoutbox)
    new = maildir / "new"
    (new / "1").write_bytes(report(anna))
    (new / "2").write_bytes(report(bruno, status="5.2.2", diagnostic="smtp; 552 5.2.2 full"))
    (new / "3").write_bytes(report("<forged@example.org>", address="carla@example.org"))
    (new / "4").write_bytes(b"From: carla@example.org\r\n\r\nThank you!")
    assert run() == "Bounced: 1. Other failures: 1. Left unread: 2."
    bounced = Signature.objects.filter(email_state="bounced")
    assert [signature.email for signature in bounced] == ["anna@example.org"]
    assert sorted(path.name for path in new.iterdir()) == ["3", "4"]
    assert run() == "Bounced: 0. Other failures: 0. Left unread: 2."


def test_without_a_mailbox_it_says_what_to_set():
    with pytest.raises(CommandError, match="BOUNCE_MAILBOX"):
        run()


def test_a_mailbox_that_can_not_be_read_is_an_error(maildir):
    (maildir / "new").rmdir()
    with pytest.raises(CommandError, match="is not a folder"):
        run()
