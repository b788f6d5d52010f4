"""What time does: attempts and networks are forgotten, data is erased when its time is over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.helpers import dump
from wagtail_petition import jobs
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


def test_everything_at_once_on_an_empty_site():
    assert jobs.send_mails() == 0
    jobs.work_off()
    jobs.housekeeping()
