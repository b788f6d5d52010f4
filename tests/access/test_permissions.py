"""Whose petitions a user may manage: those whose source page they can edit."""

from django.urls import reverse

from tests.admin.people import make_user
from wagtail_petition.access.permissions import can, editable_petitions, policies
from wagtail_petition.models import Signature


class TestEditablePetitions:
    def test_a_translator_of_the_source_is_no_editor_of_it(self, page, translated):
        translator = make_user("translator", "view", pages=[translated])
        assert not editable_petitions(translator).exists()
        assert not can(translator, "view", page.petition)
        assert list(editable_petitions(make_user("editor", pages=[page]))) == [page.petition]

    def test_translating_gives_no_right(self, client, page, home, italian):
        """Users who can submit translations and edit another language get no signatures."""
        tree = home.copy_for_translation(italian)
        user = make_user("translator", "view", "submit_translation", pages=[tree])
        client.force_login(user)
        client.post(
            reverse("wagtail_localize:submit_page_translation", args=[page.pk]),
            {"locales": [italian.pk]},
        )
        made = page.get_translation(italian)
        assert made.permissions_for_user(user).can_edit()
        assert not can(user, "view", page.petition)
        overview = client.get(reverse("petitions:index"))
        assert page.title not in overview.text

    def test_the_oldest_page_that_is_left_takes_the_place_of_the_source(self, page, translated):
        italians = make_user("italians", pages=[translated])
        petition = page.petition
        page.unpublish()
        assert not editable_petitions(italians).exists()
        page.delete()
        assert list(editable_petitions(italians)) == [petition]

    def test_an_alias_gives_no_right(self, page, home):
        section = home.add_child(instance=type(home)(title="Mine", slug="mine"))
        page.create_alias(parent=section, update_slug="alias")
        assert not editable_petitions(make_user("other", pages=[section])).exists()

    def test_other_page_types(self, make_page):
        from tests.testapp.models import CampaignPage

        campaign = make_page(CampaignPage)
        user = make_user("campaigner", "view", pages=[campaign])
        assert list(editable_petitions(user)) == [campaign.petition]
        assert can(user, "view", campaign.petition)
        assert not can(user, "export", campaign.petition)

    def test_what_is_gone_is_the_superusers(self, page, viewer, superuser):
        petition = page.petition
        page.delete()
        assert not editable_petitions(viewer).exists()
        assert list(editable_petitions(superuser)) == [petition]

    def test_inactive_people_have_none(self, page, viewer, superuser):
        for user in (viewer, superuser):
            user.is_active = False
            assert not editable_petitions(user).exists()
            assert not can(user, "view", page.petition)

    def test_policies_say_the_same(self, page, other_page, viewer, make_signature):
        own, foreign = make_signature(), make_signature(other_page)
        policy = policies[Signature]
        assert policy.user_has_permission_for_instance(viewer, "view", own)
        assert not policy.user_has_permission_for_instance(viewer, "view", foreign)
        assert not policy.user_has_permission_for_instance(viewer, "change", own)
        assert list(policy.instances_user_has_permission_for(viewer, "view")) == [own]
        assert not policy.user_has_permission(make_user("nobody's", "view"), "view")
