"""Block rules: a preview before saving, and their effect on signing."""

import pytest
from django.urls import reverse

from tests.admin.people import make_user
from tests.helpers import dump
from wagtail_petition.models import BlockRule
from wagtail_petition.moderation import matching
from wagtail_petition.signing import abuse

ADD = reverse("petition_block_rules:add")


class TestForm:
    @pytest.fixture
    def send(self, log_in, superuser, page, make_signature):
        make_signature()
        make_signature(email="b@mail.example.org", confirm=False)
        make_signature(email="c@example.com")
        client = log_in(superuser)

        def send(url=ADD, **data):
            return client.post(url, {"kind": "domain", "effect": "block", "note": "", **data})

        return send

    def test_is_tried_out_first(self, send):
        response = send(value="@Example.org")
        assert "example.org matches 2 of the latest 3 signatures." in response.content.decode()
        assert not BlockRule.objects.exists()

    def test_is_saved_when_sent_again(self, send):
        tried = send(value="@Example.org").context["tried"]["rule"]
        assert send(value="@Example.org", tried=tried).status_code == 302
        assert BlockRule.objects.get().value == "example.org"

    def test_what_was_changed_meanwhile_is_tried_out_again(self, send):
        tried = send(value="example.org").context["tried"]["rule"]
        assert send(value="example.com", tried=tried).status_code == 200
        assert not BlockRule.objects.exists()

    def test_nonsense_is_explained(self, send):
        response = send(kind="network", value="my house")
        assert "Enter an IP address or a network" in str(response.context["form"].errors["value"])

    def test_twice_the_same(self, send):
        BlockRule.objects.create(kind="domain", value="example.org")
        assert send(value="EXAMPLE.org").context["form"].errors

    def test_large_networks_cannot_be_tried_out(self, send):
        response = send(kind="network", value="10.0.0.0/8")
        assert "is too large to test" in response.content.decode()
        tried = response.context["tried"]["rule"]
        assert send(kind="network", value="10.0.0.0/8", tried=tried).status_code == 302

    def test_a_note_needs_no_trial(self, send):
        rule = BlockRule.objects.create(kind="domain", value="example.org")
        url = reverse("petition_block_rules:edit", args=[rule.pk])
        assert send(url, value="example.org", note="Spam farm").status_code == 302
        rule.refresh_from_db()
        assert rule.note == "Spam farm"

    def test_values_come_from_the_list_of_what_is_suspicious(self, log_in, superuser):
        content = log_in(superuser).get(ADD, {"kind": "domain", "value": "a.example"}).content
        assert b'value="a.example"' in content

    def test_only_for_those_with_the_permission(self, log_in, manager):
        assert log_in(manager).get(ADD).status_code == 302

    def test_nobody_learns_from_it_whether_an_address_has_signed(
        self, send, client, page, other_page, make_signature
    ):
        """The effect is counted among the signatures one may view, and for nobody else."""
        make_signature(other_page, email="other@example.org")
        asked = {"kind": "address", "value": "c@example.com"}
        client.force_login(make_user("others", "view", "add_blockrule", pages=[other_page]))
        assert send(**asked).context["tried"]["result"] == (0, 1)
        client.force_login(make_user("own", "view", "add_blockrule", pages=[page]))
        assert send(**asked).context["tried"]["result"] == (1, 3)
        client.force_login(make_user("blocker", "add_blockrule", pages=[page]))
        form = client.get(ADD)
        assert "you need permission to view signatures" in form.text
        assert "Test rule" not in form.text
        assert send(**asked).status_code == 302
        assert BlockRule.objects.get().shown == "c…@example.com"

    def test_no_address_is_kept(self, send, client):
        tried = send(kind="address", value="Dora+x@Example.org").context["tried"]["rule"]
        assert "dora" not in tried
        assert send(kind="address", value="dora@example.org", tried=tried).status_code == 302
        assert "dora@example.org" not in dump()
        rule = BlockRule.objects.get()
        with pytest.raises(abuse.Refused):
            abuse.check_rules("dora+tag@example.org", None)
        abuse.check_rules("bruno@example.org", None)
        assert "d…@example.org" in client.get(reverse("petition_block_rules:index")).text
        edit = reverse("petition_block_rules:edit", args=[rule.pk])
        assert 'value="d…@example.org"' in client.get(edit).text
        # The same address again is the same rule.
        assert send(kind="address", value="dora@example.org").context["form"].errors
        changed = {"kind": "address", "value": "d…@example.org", "note": "Robot"}
        assert send(edit, **changed).status_code == 302
        before, rule = rule, BlockRule.objects.get()
        assert (rule.value, rule.hint, rule.note) == (before.value, before.hint, "Robot")

    @pytest.mark.parametrize("kind", ["domain", "network", "address", "x"])
    def test_bad_input(self, send, kind):
        assert send(kind=kind, value="\x00").status_code == 200

    def test_the_log_names_no_address(self, send):
        from wagtail.models import ModelLogEntry

        tried = send(kind="address", value="anna@example.org").context["tried"]["rule"]
        send(kind="address", value="anna@example.org", tried=tried)
        assert "anna" not in ModelLogEntry.objects.get().label


class TestSigning:
    def test_a_rule_refuses(self, post):
        BlockRule.objects.create(kind="domain", value=matching.clean_domain("Example.org"))
        assert post(email="x@mail.EXAMPLE.org").status_code == 403

    def test_an_exception_lets_through(self, post):
        BlockRule.objects.create(kind="domain", value="example.org")
        value = matching.clean_address("Anna+news@example.org")
        BlockRule.objects.create(kind="address", value=value, effect="allow")
        assert post(email="anna@example.org").status_code == 303
