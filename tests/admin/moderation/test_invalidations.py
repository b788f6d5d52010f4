"""Bulk invalidations: a preview first, the progress, stopping and undoing."""

import pytest
from django.urls import reverse

from tests.moderation.rules import invalidated, rule
from wagtail_petition.models import Invalidation
from wagtail_petition.moderation import invalidation as bulk_invalidation


class TestViews:
    @pytest.fixture
    def add(self, log_in, manager, page, people):
        client = log_in(manager)
        url = reverse("petition_invalidations:add", args=[page.petition.pk])

        def add(**data):
            return client.post(url, {"reason": "Spam farm", **data})

        add.url, add.client = url, client
        return add

    def test_shows_first(self, add):
        content = add(domain="@Farm.example").content.decode()
        assert "2 signatures will be invalidated" in content
        assert "a@farm.example" in content
        assert not Invalidation.objects.exists()

    def test_does_what_was_shown(self, add):
        shown = add(domain="farm.example").context["shown"]
        response = add(domain="farm.example", shown=shown, confirm="1")
        assert response.status_code == 302
        assert invalidated() == [1, 2]
        detail = add.client.get(response["Location"]).content.decode()
        assert "Done" in detail
        assert "farm.example" in detail

    def test_a_changed_rule_is_shown_again(self, add):
        shown = add(domain="farm.example").context["shown"]
        assert add(domain="example.org", shown=shown, confirm="1").status_code == 200
        assert invalidated() == []

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"name_pattern": "**"},
            {"postcode": "*"},
            {"address": "nobody"},
            {"address": "*"},
            {"domain": "\x00"},
            {"network": "10.0.0.0/8"},
            {"network": "z" * 32},
            {"country": "XX"},
            {"signed_from": "yesterday"},
            {"signed_from": "2026-02-01 00:00", "signed_until": "2026-01-01 00:00"},
            {"domain": "farm.example", "reason": ""},
        ],
    )
    def test_bad_rules_do_nothing(self, add, data):
        response = add(confirm="1", **data)
        assert response.status_code == 200
        assert response.context["form"].errors
        assert not Invalidation.objects.exists()

    def test_stop_and_undo(self, add):
        shown = add(domain="farm.example").context["shown"]
        url = add(domain="farm.example", shown=shown, confirm="1")["Location"]
        add.client.post(url, {"action": "undo"})
        assert invalidated() == []
        assert "Restored" in add.client.get(url).content.decode()
        assert add.client.post(url, {"action": "explode"}).status_code == 404

    def test_while_it_is_at_work(self, log_in, manager, page, people):
        running = rule(page, domain="farm.example")
        bulk_invalidation.start(running)
        url = reverse("petition_invalidations:detail", args=[running.pk])
        content = log_in(manager).get(url).content.decode()
        assert "Checked 0 of 5 signatures" in content
        assert "data-petition-live" in content
        assert 'value="stop"' in content
        assert 'value="resume"' not in content

    def test_the_list(self, add):
        shown = add(domain="farm.example").context["shown"]
        add(domain="farm.example", shown=shown, confirm="1")
        content = add.client.get(reverse("petition_invalidations:index")).content.decode()
        assert "Spam farm" in content

    def test_fields_come_from_the_list_of_what_is_suspicious(self, add):
        assert (
            b'value="farm.example"' in add.client.get(add.url, {"domain": "farm.example"}).content
        )

    def test_looking_is_not_enough(self, log_in, viewer, page):
        client = log_in(viewer)
        url = reverse("petition_invalidations:add", args=[page.petition.pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"reason": "x", "domain": "example.org"}).status_code == 404

    def test_foreign_rules_do_not_exist(self, log_in, manager, other_page, make_signature):
        make_signature(of=other_page)
        foreign = rule(other_page, domain="example.org")
        bulk_invalidation.start(foreign)
        client = log_in(manager)
        url = reverse("petition_invalidations:detail", args=[foreign.pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"action": "undo"}).status_code == 404
        assert "Spam" not in client.get(reverse("petition_invalidations:index")).content.decode()
