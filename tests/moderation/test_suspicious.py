"""Suspicious signatures are found, without false alarms for ordinary ones."""

from datetime import timedelta

import pytest
from django.utils import timezone

from wagtail_petition.moderation import suspicious


def found(page):
    _number, sections = suspicious.report(page.petition)
    return {s.key: [(f.what, f.count) for f in s.findings] for s in sections if s.findings}


def test_people_are_just_people(page, crowd):
    crowd(60, lambda n, start: {})
    assert found(page) == {}


def test_nobody(page):
    assert suspicious.report(page.petition)[0] == 0


def test_many_from_one_network(page, crowd):
    mark = "c" * 32
    crowd(20, lambda n, start: {"network": mark, "signed_at": start + timedelta(minutes=n)})
    assert found(page)["networks"] == [("Network #cccccccc", 20)]


def test_one_network_over_months_is_a_library(page, crowd):
    crowd(40, lambda n, start: {"network": "c" * 32})
    assert "networks" not in found(page)


def test_many_from_one_domain(page, crowd):
    def fields(n, start):
        return {
            "email": f"{chr(97 + n)}@farm.example",
            "signed_at": start + timedelta(minutes=n),
        }

    crowd(20, fields)
    assert found(page)["domains"] == [("farm.example", 20)]


def test_large_providers_have_many_people(page, crowd):
    def fields(n, start):
        return {"email": f"{chr(97 + n)}@gmail.com", "signed_at": start + timedelta(minutes=n)}

    crowd(20, fields)
    assert "domains" not in found(page)


def test_one_name_with_many_addresses(page, crowd):
    crowd(9, lambda n, start: {"given_name": "Mario", "family_name": "Rossi"})
    assert found(page)["names"] == [("mario rossi", 9)]


def test_addresses_that_differ_in_a_number(page, crowd):
    crowd(12, lambda n, start: {"email": f"user{n}x@example.org"})
    assert found(page)["names"] == [("user*x@example.org", 12)]


def test_disposable_addresses(page, crowd):
    def fields(n, start):
        return {"email": f"{chr(97 + n)}@{'sub.mailinator.com' if n < 3 else 'example.org'}"}

    crowd(6, fields)
    assert found(page)["disposable"] == [("sub.mailinator.com", 3)]


def test_confirmed_too_regularly(page, crowd):
    def fields(n, start):
        signed_at = start + timedelta(hours=2 * n)
        return {
            "network": "d" * 32,
            "signed_at": signed_at,
            "confirmed_at": signed_at + timedelta(seconds=30),
        }

    crowd(10, fields)
    assert found(page)["regular"] == [("Network #dddddddd", 10)]


def test_imports_confirmed_nothing(page, crowd):
    def fields(n, start):
        return {"network": "d" * 32, "signed_at": start, "confirmed_at": start}

    crowd(10, fields)
    assert "regular" not in found(page)


def test_only_the_newest_are_looked_at(page, crowd, monkeypatch):
    monkeypatch.setattr(suspicious, "NEWEST", 5)
    crowd(9, lambda n, start: {"given_name": "Mario", "family_name": "Rossi"})
    assert found(page) == {}


@pytest.mark.parametrize(
    ("minutes", "most"), [([], 0), ([5], 1), ([90, 60, 31, 0], 3), ([61, 0], 1), ([60, 0], 2)]
)
def test_most_within_an_hour(minutes, most):
    start = timezone.now()
    times = [start + timedelta(minutes=m) for m in minutes]
    assert suspicious._most_within_an_hour(times) == most
