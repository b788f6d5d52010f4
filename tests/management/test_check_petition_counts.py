import pytest
from django.core.management import CommandError, call_command

from wagtail_petition.models import Petition, Tally

pytestmark = pytest.mark.django_db


def test_right_counts(make_signature, capsys):
    make_signature()
    call_command("check_petition_counts")
    assert "All counts are right." in capsys.readouterr().out


def test_wrong_counts_are_told(make_signature, capsys):
    make_signature()
    Petition.objects.update(signature_count=7)
    with pytest.raises(CommandError, match="--repair"):
        call_command("check_petition_counts")
    assert "signatures: kept 7, counted 1" in capsys.readouterr().out


def test_and_mended(make_signature):
    make_signature()
    Petition.objects.update(signature_count=7)
    Tally.objects.update(count=5)
    call_command("check_petition_counts", repair=True)
    assert Petition.objects.get().signature_count == 1
    assert Tally.objects.get().count == 1
    call_command("check_petition_counts")
