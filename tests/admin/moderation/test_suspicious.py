"""Suspicious signatures: found, without false alarms for ordinary ones."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.ledger.helpers import get_or_create_text
from wagtail_petition.models import BlockRule, Invalidation, Petition, Signature
from wagtail_petition.moderation import suspicious
from wagtail_petition.moderation.invalidation import work


@pytest.fixture
def crowd(page):
    """Create a number of signatures, at least an hour apart; ``fields(n)`` are the fields of the n-th."""

    def record(number, fields):
        start = timezone.now() - timedelta(days=300)
        text = get_or_create_text(page.get_text_to_sign())
        made = []
        for n in range(number):
            signed_at = start + timedelta(minutes=61 * n)
            values = {
                "given_name": f"Name{chr(97 + n % 26)}",
                "family_name": f"Family{chr(97 + n // 26)}",
                "email": f"{chr(97 + n % 26)}.{chr(97 + n // 26)}@place-{n}.example",
                "signed_at": signed_at,
                "confirmed_at": signed_at + timedelta(seconds=40 + 97 * n * n),
                **fields(n, start),
            }
            made.append(Signature(signed_text=text, language="en", **values))
        page.petition.save()
        ledger.record_import(Petition.objects.get(), made)

    return record


def rows(response, key):
    """The rows of one section of the page."""
    return next(found for section, found in response.context["sections"] if section.key == key)


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


class TestPage:
    @pytest.fixture
    def url(self, page, crowd):
        crowd(10, lambda n, start: {"email": f"{chr(97 + n)}@mailinator.com"})
        return reverse("petitions:suspicious", args=[page.petition.pk])

    def test_what_can_be_done(self, log_in, superuser, url):
        content = log_in(superuser).get(url).content.decode()
        assert "mailinator.com" in content
        assert "kind=domain&amp;value=mailinator.com" in content
        assert "?domain=mailinator.com" in content

    def test_what_was_invalidated_is_settled(self, log_in, superuser, url, page, make_signature):
        make_signature(email="waiting@mailinator.com", confirm=False)
        client = log_in(superuser)
        (row,) = rows(client.get(url), "disposable")
        assert (row["finding"].count, row["finding"].confirmed) == (11, 10)
        invalidation = Invalidation.objects.create(
            petition=page.petition, domain="mailinator.com", reason="Robots", until=10
        )
        work(invalidation.pk)
        response = client.get(url)
        (row,) = rows(response, "disposable")
        assert (row["finding"].count, row["finding"].confirmed) == (1, 0)
        assert "invalidate_url" not in row
        assert "0 confirmed" in response.content.decode()
        Signature.objects.filter(status="unconfirmed").delete()
        assert rows(client.get(url), "disposable") == []

    @pytest.mark.parametrize(
        ("rules", "is_blocked"),
        [
            ({"mailinator.com": "block"}, True),
            ({"com": "block"}, True),
            ({"mailinator.com": "block", "com": "allow"}, False),
            ({"nator.com": "block"}, False),
        ],
    )
    def test_what_is_blocked_is_marked(self, log_in, superuser, url, rules, is_blocked):
        for value, effect in rules.items():
            BlockRule.objects.create(kind="domain", value=value, effect=effect)
        response = log_in(superuser).get(url)
        (row,) = rows(response, "disposable")
        assert row["is_blocked"] is is_blocked
        assert ("block_url" in row) is not is_blocked
        assert ("Blocked</span>" in response.content.decode()) is is_blocked

    def test_only_looking(self, log_in, viewer, url):
        content = log_in(viewer).get(url).content.decode()
        assert "mailinator.com" in content
        assert "Invalidate…" not in content
        assert "Block…" not in content

    def test_foreign_petitions_do_not_exist(self, log_in, viewer, other_page):
        url = reverse("petitions:suspicious", args=[other_page.petition.pk])
        assert log_in(viewer).get(url).status_code == 404

    def test_names_are_not_markup(self, log_in, superuser, page, crowd):
        crowd(9, lambda n, start: {"given_name": "<script>alert(1)</script>", "family_name": ""})
        url = reverse("petitions:suspicious", args=[page.petition.pk])
        content = log_in(superuser).get(url).content.decode()
        assert "&lt;script&gt;alert" in content
        assert "<script>alert" not in content


def test_networks_and_numbered_addresses_lead_to_their_signatures(log_in, manager, page, crowd):
    mark = "c" * 32
    crowd(
        20,
        lambda n, start: {
            "network": mark,
            "email": f"anna{n}@mail.example",
            "signed_at": start + timedelta(minutes=n),
        },
    )
    client = log_in(manager)
    response = client.get(reverse("petitions:suspicious", args=[page.petition.pk]))
    (network,) = rows(response, "networks")
    (numbered,) = [r for r in rows(response, "names") if r["finding"].what == "anna*@mail.example"]
    for row in (network, numbered):
        listed = client.get(row["list_url"])
        assert listed.context["count_label"] == "There are 20 matches"


def test_a_blocked_network_is_marked(log_in, manager, page, crowd):
    mark = "c" * 32
    crowd(20, lambda n, start: {"network": mark, "signed_at": start + timedelta(minutes=n)})
    BlockRule.objects.create(kind="network", value=mark)
    response = log_in(manager).get(reverse("petitions:suspicious", args=[page.petition.pk]))
    (network,) = rows(response, "networks")
    assert network["is_blocked"]
