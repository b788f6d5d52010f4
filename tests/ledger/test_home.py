"""Where signers vote: kept, counted, and erased except for country and region."""

import pytest

from wagtail_petition import ledger
from wagtail_petition.models import HomeTally, Signature

pytestmark = pytest.mark.django_db

HOME = {
    "home_country": "US",
    "home_region": "US-NY",
    "home_district": "12",
    "home_place": "Brooklyn 11201",
    "home_tie": "votes_there",
}


def home_of(signature):
    signature.refresh_from_db()
    return {name: str(getattr(signature, name)) for name in HOME}


def by_region():
    return {t.home_region: t.count for t in HomeTally.objects.all()}


def test_is_stored_and_counted(make_signature):
    signature = make_signature(**HOME)
    make_signature(email="b@example.org", **HOME)
    make_signature(email="c@example.org")
    assert home_of(signature) == HOME
    assert by_region() == {"US-NY": 2}
    # The day’s tally counts all of them.
    assert [t.count for t in signature.petition.tallies.all()] == [3]


def test_another_address_keeps_it(make_signature):
    attempt = make_signature(confirm=False, **HOME)
    other = ledger.sign_with_other_address(attempt, "other@example.org")
    assert home_of(ledger.confirm(other).signature) == HOME


def test_attempts_that_differ_in_it_are_both_shown(make_signature):
    first = make_signature(confirm=False, **HOME)
    make_signature(confirm=False, **HOME)
    make_signature(confirm=False, **{**HOME, "home_district": "10"})
    assert {a.home_district for a in ledger.open_attempts(first)} == {"12", "10"}
    assert len(ledger.open_attempts(first)) == 2


@pytest.mark.parametrize("how", ["anonymise", "withdraw"])
def test_country_and_region_stay_after_erasure(page, make_signature, how):
    signature = make_signature(**HOME)
    if how == "withdraw":
        ledger.withdraw(signature)
    else:
        ledger.anonymise([signature.pk], petition=page.petition)
    erased = {"home_district": "", "home_place": "", "home_tie": ""}
    assert home_of(signature) == {**HOME, **erased}
    assert ledger.recount(page.petition) == []


def test_invalidating_and_restoring_move_the_tally(page, make_signature):
    signature = make_signature(**HOME)
    ledger.invalidate([signature.pk], petition=page.petition)
    assert by_region() == {"US-NY": 0}
    ledger.restore([signature.pk], petition=page.petition)
    assert by_region() == {"US-NY": 1}


def test_a_wrong_tally_is_named_by_its_region_and_mended(page, make_signature):
    make_signature(**HOME)
    HomeTally.objects.update(home_region="US-NJ")
    assert ledger.recount(page.petition, repair=True) == [
        ("tally of US-NJ, IT", 1, 0),
        ("tally of US-NY, IT", 0, 1),
    ]
    assert by_region() == {"US-NY": 1}
    assert ledger.recount(page.petition) == []


def test_a_region_that_the_scheme_has_dropped_stays(page, make_signature, settings):
    signature = make_signature(**HOME)
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "HOME_SCHEMES": {"US": None}}
    assert home_of(signature) == HOME
    assert Signature.objects.filter(home_region="US-NY").count() == 1
    assert ledger.recount(page.petition) == []
