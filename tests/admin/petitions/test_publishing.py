"""Publishing in the editor: one language, with a message about the others, or all of them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from tests.admin.people import make_user

BUTTON = 'value="all-languages"'


def edit(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


@pytest.fixture
def publish(client, superuser):
    """Publish a page in the editor, by default as a superuser. Returns the messages."""

    def publish(page, by=superuser, **changes):
        client.force_login(by)
        client.get(edit(page))  # Shows what was said before.
        data = {
            "title": page.title,
            "slug": page.slug,
            **nested_form_data(
                {
                    "letter": rich_text("<p>We ask you.</p>"),
                    "introduction": rich_text(""),
                    "consent_text": rich_text(""),
                    "thanks_text": rich_text(""),
                    "paper_consent_text": rich_text(""),
                    "recipients": streamfield(
                        [("recipient", {"name": "Jane Doe", "office": "", "role": "to"})]
                    ),
                    "body": streamfield([]),
                    "sponsors": streamfield([]),
                    "questions": streamfield([]),
                    "comments": inline_formset([]),
                }
            ),
            "ask_family_name": "required",
            **dict.fromkeys(("ask_postcode", "ask_city", "ask_region", "ask_message"), "no"),
            **{f"ask_home_{part}": "no" for part in ("tie", "region", "district", "place")},
            "retention_months": "6",
            "paper_display": "add",
            "action-publish": "1",
            **changes,
        }
        response = client.post(edit(page), data)
        assert response.status_code == 302
        return [str(message).strip() for message in get_messages(response.wsgi_request)]

    return publish


@pytest.fixture
def draft(make_page, italian):
    """A draft of a page on which nothing is left to do, with a draft in Italian: (page, other)."""
    page = make_page(publish=False, organisation="Citizens Abroad")
    other = page.copy_for_translation(italian, copy_parents=True)
    return page, type(page).objects.get(pk=other.pk)


def is_live(page):
    page.refresh_from_db()
    return page.live


class TestOneLanguage:
    """It comes with a message about the others."""

    def drafts(self, texts):
        return [text for text in texts if "still a draft" in text]

    def test_a_draft_in_another_language(self, publish, draft):
        page, other = draft
        (text,) = self.drafts(publish(page))
        assert text.startswith("Italiano is still a draft")
        assert edit(other) in text
        assert not is_live(other)
        # It is known from now on.
        assert self.drafts(publish(page)) == []

    def test_no_draft(self, publish, draft, make_page):
        page, other = draft
        other.save_revision().publish()
        assert self.drafts(publish(page)) == []
        assert self.drafts(publish(make_page(publish=False))) == []


class TestAllLanguages:
    @pytest.fixture
    def publish_all(self, publish):
        def publish_all(page, **options):
            return publish(page, **options, **{"action-publish": "all-languages"})

        return publish_all

    def test_each_is_published_and_told(self, publish_all, draft):
        page, other = draft
        texts = publish_all(page)
        assert is_live(page)
        assert is_live(other)
        assert "Also published: Italiano." in texts
        assert not [text for text in texts if "draft" in text]

    def test_what_is_not_ready_is_told_with_a_link(self, publish_all, draft):
        page, other = draft
        other.letter = "<p></p>"
        other.save_revision()
        texts = publish_all(page)
        assert is_live(page)
        assert not is_live(other)
        (text,) = [text for text in texts if "Italiano" in text]
        assert text.startswith("Italiano was not published. Write the letter.")
        assert edit(other) in text

    def test_all_are_scheduled_for_the_same_time(self, publish_all, draft):
        page, _other = draft
        moment = (timezone.localtime() + timedelta(days=3)).replace(second=0, microsecond=0)
        texts = publish_all(page, go_live_at=moment.strftime("%Y-%m-%d %H:%M"))
        assert "Also scheduled: Italiano." in texts
        for each in draft:
            assert not is_live(each)
            assert each.get_latest_revision().approved_go_live_at == moment

    def test_aliases_and_what_has_no_changes_are_nothing_to_publish(self, client, superuser, draft):
        page, other = draft
        other.save_revision().publish()
        client.force_login(superuser)
        assert BUTTON not in client.get(edit(page)).text

    def test_of_other_pages_there_is_no_such_button(self, client, superuser, home, draft):
        client.force_login(superuser)
        page, _other = draft
        assert BUTTON in client.get(edit(page)).text
        assert BUTTON not in client.get(edit(home)).text


class TestRights:
    @pytest.fixture
    def editor(self, draft):
        """Somebody who may edit both pages, and publish those given: ``editor(page, …)``."""

        def editor(*pages):
            user = make_user("editor", pages=draft)
            permission = Permission.objects.get(
                content_type__app_label="wagtailcore", codename="publish_page"
            )
            for page in pages:
                GroupPagePermission.objects.create(
                    group=Group.objects.get(name="editor"), page=page, permission=permission
                )
            return user

        return editor

    def test_who_may_publish_only_one_has_no_button(self, client, draft, editor):
        page, _other = draft
        client.force_login(editor(page))
        assert BUTTON not in client.get(edit(page)).text

    def test_who_may_publish_both_has_it(self, client, draft, editor):
        page, _other = draft
        client.force_login(editor(*draft))
        assert BUTTON in client.get(edit(page)).text

    def test_nothing_is_published_without_the_right(self, publish, draft, editor):
        page, other = draft
        texts = publish(page, by=editor(page), **{"action-publish": "all-languages"})
        assert is_live(page)
        assert not is_live(other)
        assert [text for text in texts if "You don’t have permission to publish it." in text]
