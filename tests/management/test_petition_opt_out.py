"""Show and set whether an address opted out of emails."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from wagtail_petition.models import MailOptOut

pytestmark = pytest.mark.django_db


def run(*args):
    out = StringIO()
    call_command("petition_opt_out", *args, stdout=out)
    return out.getvalue().strip()


def test_it_is_seen_and_changed():
    assert run("anna@example.org") == "This address gets emails."
    assert run("anna@example.org", "--stop") == "This address gets no emails."
    assert run("Anna+x@example.org") == "This address gets no emails.", "another spelling"
    assert run("anna@example.org", "--stop") == "This address gets no emails."
    assert MailOptOut.objects.count() == 1
    assert run("anna@example.org", "--allow") == "This address gets emails."
    assert not MailOptOut.objects.exists()


def test_what_is_no_address_is_refused():
    with pytest.raises(CommandError, match="Enter an"):
        run("anna")
