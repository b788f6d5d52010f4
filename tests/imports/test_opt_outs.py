"""Lists of people who want no emails, before and after lists of signers."""

import pytest
from django.core import mail

from wagtail_petition.mail import opt_out, sender
from wagtail_petition.models import OutgoingEmail, Petition, Signature

from .files import MAILCHIMP_CLEANED

pytestmark = pytest.mark.django_db
SIGNERS = (
    b"first name,last name,email,date,newsletter\n"
    b"Ada,Rossi,ada@example.org,2026-01-01,yes\nBob,Rossi,bob@example.org,2026-01-02,yes\n"
)
UNWANTED = MAILCHIMP_CLEANED.encode()


@pytest.mark.parametrize("files", [(UNWANTED, SIGNERS), (SIGNERS, UNWANTED)])
def test_who_is_on_a_list_counts_and_gets_no_emails(import_file, files):
    for content in files:
        import_file(content, consent="Their form")
    assert Petition.objects.get().signature_count == 2
    found = Signature.objects.order_by("number")
    assert [s.email for s in found] == ["ada@example.org", "bob@example.org"]
    assert opt_out.opted_out([s.email for s in found]) == {"ada@example.org"}


@pytest.mark.parametrize("files", [(UNWANTED, SIGNERS), (SIGNERS, UNWANTED)])
def test_nobody_on_a_list_is_asked_to_confirm(import_file, files):
    for content in files:
        import_file(content, **({"mode": "ask"} if content == SIGNERS else {}))
    OutgoingEmail.objects.update(due_at="2026-01-01T00:00Z")
    sender.drain()
    assert [sent.to for sent in mail.outbox] == [["bob@example.org"]]


def test_who_is_on_a_list_can_still_sign(import_file, post):
    import_file(SIGNERS, mode="ask")
    import_file(UNWANTED)
    OutgoingEmail.objects.all().delete()
    post(email="ada@example.org")
    sender.drain()
    assert [sent.to for sent in mail.outbox] == [["ada@example.org"]]


def test_who_stopped_emails_here_is_not_imported(import_file):
    opt_out.opt_out("ada@example.org")
    import_file(UNWANTED)
    _batch, check = import_file(SIGNERS)
    assert check.counts["left_out_for_good"] == 1
    assert Signature.objects.get().email == "bob@example.org"
