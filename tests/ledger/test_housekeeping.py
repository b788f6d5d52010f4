"""Scheduled changes: anonymise signatures, delete old data, and check the counts."""

import pytest

from tests.helpers import dump
from tests.ledger.test_signing import PERSON, TRACES
from wagtail_petition import ledger
from wagtail_petition.models import OutgoingEmail, Petition, Signature, Tally

pytestmark = pytest.mark.django_db
Status = Signature.Status


@pytest.fixture
def petition(page):
    return ledger.ensure_petition(page)


def test_anonymised_signatures_go_on_counting(petition, make_signature):
    signature = make_signature(**PERSON)
    assert ledger.anonymise([signature.pk], petition=petition) == 1
    assert TRACES.search(dump()) is None
    signature.refresh_from_db()
    assert signature.status == Status.CONFIRMED
    assert signature.number == 1
    assert signature.anonymised_at
    petition.refresh_from_db()
    assert petition.signature_count == 1
    assert ledger.recount(petition) == []
    assert not OutgoingEmail.objects.exists()


def test_anonymising_twice_changes_nothing(petition, make_signature):
    signature = make_signature()
    ledger.anonymise([signature.pk], petition=petition)
    assert ledger.anonymise([signature.pk], petition=petition) == 0


def test_an_anonymous_signature_can_still_be_invalidated(petition, make_signature):
    signature = make_signature()
    ledger.anonymise([signature.pk], petition=petition)
    assert ledger.invalidate([signature.pk], petition=petition) == 1
    assert ledger.restore([signature.pk], petition=petition) == 1
    assert ledger.recount(petition) == []


def test_networks_are_forgotten(make_signature, clock):
    old = make_signature(network="old")
    clock.forward(days=8)
    fresh = make_signature(email="b@example.org", network="fresh")
    assert ledger.forget_networks([old.pk]) == 1
    assert dict(Signature.objects.values_list("pk", "network")) == {old.pk: "", fresh.pk: "fresh"}


def test_attempts_are_forgotten_with_all_that_hangs_on_them(make_signature, mailoutbox):
    attempt = make_signature(confirm=False)
    confirmed = make_signature(email="b@example.org")
    assert attempt.emails.exists()
    assert ledger.forget_attempts([attempt.pk, confirmed.pk]) == 1
    assert list(Signature.objects.all()) == [confirmed]
    assert set(OutgoingEmail.objects.values_list("signature", flat=True)) == {confirmed.pk}


def test_right_counts_show_no_difference(petition, make_signature):
    signatures = [make_signature(email=f"{i}@example.org") for i in range(4)]
    make_signature(confirm=False, email="x@example.org")
    ledger.withdraw(signatures[3])
    ledger.invalidate([signatures[0].pk], petition=petition)
    assert ledger.recount(petition) == []


def test_wrong_counts_are_told_and_mended(petition, make_signature):
    signature = make_signature(country="IT")
    make_signature(email="b@example.org", country="FR")
    Petition.objects.update(signature_count=7, last_number=0)
    Tally.objects.filter(country="FR").delete()
    Tally.objects.filter(country="IT").update(country="DE", count=5)
    differences = ledger.recount(petition)
    day = signature.confirmed_at.date()
    assert differences[:2] == [("signatures", 7, 2), ("last number", 0, 2)]
    assert {d[0] for d in differences[2:]} == {
        f"tally of {day}, DE, en, ",
        f"tally of {day}, FR, en, ",
        f"tally of {day}, IT, en, ",
    }
    assert ledger.recount(petition, repair=True) == differences
    assert ledger.recount(petition) == []


def test_a_gap_at_the_end_is_no_difference(petition, make_signature):
    make_signature()
    ledger.withdraw(make_signature(email="b@example.org"))
    Signature.objects.filter(status=Status.WITHDRAWN).delete()
    assert ledger.recount(petition) == []
