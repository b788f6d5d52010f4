"""Bulk invalidation: what matches, batches, stopping, and exact undoing."""

import ipaddress
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.moderation.rules import invalidated, rule
from wagtail_petition import ledger
from wagtail_petition.models import Invalidation, Petition, PetitionLogEntry, Signature
from wagtail_petition.moderation import invalidation as bulk_invalidation
from wagtail_petition.signing import limits

Status, State = Signature.Status, Invalidation.State


class TestMatching:
    @pytest.mark.parametrize(
        ("fields", "numbers"),
        [
            ({"domain": "farm.example"}, [1, 2]),
            ({"address": "anna@gmail.com"}, [5]),
            ({"address": "*@example.org"}, [3, 4]),
            ({"name_pattern": "*BOT*"}, [1, 2]),
            ({"name_pattern": "bot one"}, [1]),
            ({"postcode": "00*"}, [3]),
            ({"country": "RU"}, [1]),
            ({"source": "newsletter"}, [3]),
            ({"domain": "farm.example", "country": "IT"}, [2]),
            ({"domain": "arm.example"}, []),
        ],
    )
    def test_fields(self, page, people, fields, numbers):
        invalidation = rule(page, **fields)
        preview = bulk_invalidation.preview(invalidation)
        assert sorted(s.number for s in preview.sample) == numbers
        assert preview.count == len(numbers)
        bulk_invalidation.start(invalidation)
        bulk_invalidation.work(invalidation.pk)
        assert invalidated() == numbers

    def test_network(self, page, make_signature):
        mark = limits.network_hash(ipaddress.ip_address("192.0.2.7"))
        make_signature(network=mark)
        make_signature(email="b@example.org")
        assert bulk_invalidation.preview(rule(page, network="192.0.2.0/24")).count == 1
        assert bulk_invalidation.preview(rule(page, network=mark)).count == 1

    def test_dates(self, page, people):
        old = timezone.now() - timedelta(days=9)
        Signature.objects.filter(number=1).update(signed_at=old)
        day = timedelta(days=1)
        assert bulk_invalidation.preview(rule(page, signed_until=old + day)).count == 1
        assert bulk_invalidation.preview(rule(page, signed_from=old + day)).count == 4
        within = rule(page, signed_from=old - day, signed_until=old + day)
        assert bulk_invalidation.preview(within).count == 1

    def test_of_this_petition_only(self, page, other_page, people, make_signature):
        make_signature(of=other_page, email="a@farm.example")
        assert bulk_invalidation.preview(rule(page, domain="farm.example")).count == 2


def test_a_preview_looks_at_the_newest_only(page, people, monkeypatch):
    monkeypatch.setattr(bulk_invalidation, "PREVIEW", 2)
    preview = bulk_invalidation.preview(rule(page, name_pattern="*o*"))
    assert not preview.is_complete
    assert preview.looked_at == 2


class TestWork:
    @pytest.fixture
    def many(self, page, make_signature):
        return [make_signature(email=f"{n}@farm.example") for n in range(5)]

    @pytest.fixture
    def invalidation(self, page, many, monkeypatch):
        monkeypatch.setattr(bulk_invalidation, "SIGNATURES_AT_ONCE", 2)
        made = rule(page, domain="farm.example")
        bulk_invalidation.start(made)
        return made

    def test_counts_move(self, page, invalidation):
        bulk_invalidation.work(invalidation.pk)
        invalidation.refresh_from_db()
        assert (invalidation.state, invalidation.count, invalidation.position) == ("done", 5, 5)
        petition = Petition.objects.get()
        assert petition.signature_count == 0
        assert ledger.recount(petition) == []

    def test_who_signs_later_is_left_alone(self, invalidation, make_signature):
        make_signature(email="late@farm.example")
        bulk_invalidation.work(invalidation.pk)
        assert invalidated() == [1, 2, 3, 4, 5]

    def test_can_be_stopped_and_goes_on(self, invalidation, monkeypatch):
        whole = ledger.invalidate

        def stop_after_the_first(*args, **kwargs):
            bulk_invalidation.stop(invalidation)
            return whole(*args, **kwargs)

        monkeypatch.setattr(ledger, "invalidate", stop_after_the_first)
        bulk_invalidation.work(invalidation.pk)
        assert invalidated() == [1, 2]
        monkeypatch.setattr(ledger, "invalidate", whole)
        bulk_invalidation.resume(invalidation)
        bulk_invalidation.work(invalidation.pk)
        assert invalidated() == [1, 2, 3, 4, 5]

    def test_what_broke_off_is_found_again(self, invalidation):
        assert bulk_invalidation.work_off() == 1
        assert invalidated() == [1, 2, 3, 4, 5]
        assert bulk_invalidation.work_off() == 0

    def test_another_worker_has_done_the_batch(self, invalidation):
        stale = Invalidation.objects.get()
        bulk_invalidation.work(invalidation.pk)
        Signature.objects.filter(number=1).update(status=Status.CONFIRMED)
        matching = bulk_invalidation._matching(stale.petition, bulk_invalidation.condition(stale))
        bulk_invalidation._invalidate_batch(stale, matching)
        assert 1 not in invalidated()

    def test_taking_it_back_restores_exactly_that(self, page, invalidation, many, make_signature):
        by_hand = make_signature(email="h@example.org")
        ledger.invalidate([by_hand.pk], petition=page.petition)
        bulk_invalidation.work(invalidation.pk)
        bulk_invalidation.undo(invalidation)
        bulk_invalidation.work(invalidation.pk)
        assert invalidated() == [6]
        assert Invalidation.objects.get().state == State.REVERSED
        assert ledger.recount(Petition.objects.get()) == []

    def test_who_was_erased_meanwhile_stays_so(self, page, invalidation, many):
        bulk_invalidation.work(invalidation.pk)
        ledger.erase([many[0].pk], petition=page.petition)
        bulk_invalidation.undo(invalidation)
        bulk_invalidation.work(invalidation.pk)
        many[0].refresh_from_db()
        assert many[0].status != Status.CONFIRMED
        assert Petition.objects.get().signature_count == 4

    def test_the_log_says_what_but_not_whom(self, page, many):
        bulk_invalidation.start(rule(page, address="anna@gmail.com", name_pattern="Anna*"))
        entry = PetitionLogEntry.objects.get(action="wagtail_petition.invalidate_by_rule")
        assert entry.data["rule"] == ["address", "name_pattern"]
        assert entry.data["reason"] == "Spam"
        assert "anna" not in str(entry.data).lower()
