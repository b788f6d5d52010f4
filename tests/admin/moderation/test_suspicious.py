"""The page of suspicious signatures: links to what can be done, and what was done."""

from datetime import timedelta

import pytest
from django.urls import reverse

from wagtail_petition.models import BlockRule, Invalidation, Signature
from wagtail_petition.moderation.invalidation import work


def rows(response, key):
    """The rows of one section of the page."""
    return next(found for section, found in response.context["sections"] if section.key == key)


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
