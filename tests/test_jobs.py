"""Scheduled jobs: unconfirmed signatures and networks are deleted, and data is erased when due."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.helpers import dump
from wagtail_petition import jobs, ledger
from wagtail_petition.models import NetworkSecret, Petition, Signature, SpentProof, Visit

pytestmark = pytest.mark.django_db


def age(signature, **duration):
    moment = timezone.now() - timedelta(**duration)
    Signature.objects.filter(pk=signature.pk).update(signed_at=moment)


def test_attempts_are_forgotten_after_thirty_days(make_signature):
    old = make_signature(confirm=False, email="old@example.org")
    fresh = make_signature(confirm=False, email="fresh@example.org")
    confirmed = make_signature(email="confirmed@example.org")
    age(old, days=31)
    age(fresh, days=29)
    age(confirmed, days=31)
    jobs.forget_attempts()
    assert set(Signature.objects.all()) == {fresh, confirmed}
    assert "old@example.org" not in dump()


def test_networks_are_forgotten_after_seven_days(page, make_signature):
    old = make_signature(confirm=False, email="old@example.org", network="a" * 32)
    fresh = make_signature(confirm=False, email="fresh@example.org", network="b" * 32)
    age(old, days=8)
    now = timezone.now()
    Visit.objects.create(petition=page.petition, network="a" * 32, at=now - timedelta(days=2))
    NetworkSecret.objects.create(week=(now - timedelta(days=30)).date())
    SpentProof.objects.create(nonce="spent", expires_at=now - timedelta(hours=1))
    jobs.forget_networks()
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.network, fresh.network) == ("", "b" * 32)
    assert not Visit.objects.exists()
    assert not NetworkSecret.objects.exists()
    assert not SpentProof.objects.exists()


class TestRetention:
    def over(self, petition):
        Petition.objects.filter(pk=petition.pk).update(
            erase_at=timezone.now() - timedelta(minutes=1)
        )

    def test_data_goes_and_the_count_stays(self, page, make_signature):
        signature = make_signature(
            given_name="Zebulon", message="Only here", city="Atlantis", email="zeb@example.org"
        )
        self.over(page.petition)
        jobs.anonymise_ended()
        left = dump()
        for text in ("Zebulon", "Only here", "Atlantis", "zeb@example.org"):
            assert text not in left
        page.petition.refresh_from_db()
        assert page.petition.signature_count == 1
        signature.refresh_from_db()
        assert (signature.status, signature.number) == ("confirmed", 1)

    def test_not_before_its_time(self, page, make_signature):
        make_signature(given_name="Zebulon")
        jobs.anonymise_ended()
        assert "Zebulon" in dump()

    def test_the_date_comes_from_the_page(self, make_page):
        closes_at = timezone.now() + timedelta(days=10)
        page = make_page(closes_at=closes_at, retention_months=6)
        days = (Petition.objects.get(key=page.petition_key).erase_at - closes_at).days
        assert 180 <= days <= 184

    def test_a_deleted_page_starts_the_clock(self, page, make_signature):
        make_signature()
        page.delete()
        assert Petition.objects.get().erase_at > timezone.now() + timedelta(days=150)

    def test_a_page_of_another_language_keeps_it_open(self, page, translated):
        translated.delete()
        assert Petition.objects.get().erase_at is None


def publish(page, **changes):
    page = type(page).objects.get(pk=page.pk)
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def addresses():
    return set(Signature.objects.exclude(email="").values_list("email", flat=True))


class TestErasingAgain:
    """New signatures of a petition whose data was erased before have their own date of erasure."""

    def test_signers_of_a_petition_that_was_reopened(self, page, make_signature, clock):
        page = publish(page, closes_at=clock.now() + timedelta(days=1), retention_months=1)
        make_signature(page, email="first@example.org")
        clock.forward(days=40)
        jobs.housekeeping()
        assert addresses() == set()
        page = publish(page, closes_at=clock.now() + timedelta(days=10))
        make_signature(page, email="later@example.org")
        clock.forward(days=39)
        jobs.housekeeping()
        assert addresses() == {"later@example.org"}
        clock.forward(days=3)
        jobs.housekeeping()
        assert addresses() == set()
        assert Petition.objects.get().signature_count == 2

    def test_who_confirms_after_closing(self, page, make_signature, clock):
        page = publish(page, closes_at=clock.now() + timedelta(hours=1), retention_months=0)
        attempt = make_signature(page, confirm=False)
        forgetful = make_signature(page, confirm=False, email="forgetful@example.org")
        clock.forward(hours=2)
        jobs.housekeeping()
        assert ledger.confirm(attempt).outcome is ledger.Outcome.CONFIRMED
        jobs.housekeeping()
        # Not yet, or nobody could be sent a receipt.
        assert attempt.email in addresses()
        clock.forward(hours=24)
        jobs.housekeeping()
        assert addresses() == set()
        assert not Signature.objects.filter(pk=forgetful.pk).exists()
        assert Petition.objects.get().signature_count == 1

    def test_a_date_that_is_moved_meanwhile_stops_it(
        self, page, make_signature, clock, monkeypatch
    ):
        monkeypatch.setattr(jobs, "SIGNATURES_AT_ONCE", 1)
        page = publish(page, closes_at=clock.now() + timedelta(days=1), retention_months=1)
        make_signature(page, email="a@example.org")
        make_signature(page, email="b@example.org")
        clock.forward(days=40)
        anonymise = ledger.anonymise

        def and_move(pks, *, petition):
            done = anonymise(pks, petition=petition)
            publish(page, closes_at=clock.now() + timedelta(days=10))
            return done

        monkeypatch.setattr(ledger, "anonymise", and_move)
        jobs.anonymise_ended()
        assert addresses() == {"b@example.org"}


class TestPromisedDate:
    """The date promised at signing applies if it is earlier."""

    def test_a_later_closing_date(self, page, make_signature, clock):
        page = publish(page, closes_at=clock.now() + timedelta(days=1), retention_months=1)
        make_signature(page, email="early@example.org")
        page = publish(page, closes_at=clock.now() + timedelta(days=400))
        make_signature(page, email="late@example.org")
        clock.forward(days=30)
        jobs.housekeeping()
        assert addresses() == {"early@example.org", "late@example.org"}
        clock.forward(days=2)
        jobs.housekeeping()
        assert addresses() == {"late@example.org"}
        clock.forward(days=400)
        jobs.housekeeping()
        assert addresses() == set()

    def test_an_earlier_closing_date(self, page, make_signature, clock):
        page = publish(page, closes_at=clock.now() + timedelta(days=400), retention_months=1)
        make_signature(page)
        publish(page, closes_at=clock.now() + timedelta(days=1))
        clock.forward(days=32)
        jobs.housekeeping()
        assert addresses() == set()

    def test_no_closing_date_any_more(self, page, make_signature, clock):
        page = publish(page, closes_at=clock.now() + timedelta(days=1), retention_months=1)
        make_signature(page)
        publish(page, closes_at=None)
        clock.forward(days=32)
        jobs.housekeeping()
        assert addresses() == set()

    def test_more_months_after_the_end(self, page, make_signature, clock):
        page = publish(page, retention_months=1)
        make_signature(page, email="early@example.org")
        page = publish(page, retention_months=24)
        make_signature(page, email="late@example.org")
        clock.forward(days=100)
        publish(page, closes_at=clock.now() + timedelta(days=1))
        clock.forward(days=30)
        jobs.housekeeping()
        assert addresses() == {"early@example.org", "late@example.org"}
        clock.forward(days=2)
        jobs.housekeeping()
        assert addresses() == {"late@example.org"}

    def test_the_work_is_as_much_as_there_are_texts(
        self, page, make_signature, django_assert_max_num_queries
    ):
        for number in range(8):
            make_signature(page, email=f"{number}@example.org")
        with django_assert_max_num_queries(5):
            jobs.anonymise_ended()


def test_everything_at_once_on_an_empty_site():
    assert jobs.send_mails() == 0
    jobs.work_off()
    jobs.housekeeping()
