"""Which languages of a petition can be published together, and what is refused."""

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from wagtail.models import Locale, PageLogEntry
from wagtail.rich_text import RichText
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from tests.admin.people import make_user
from wagtail_petition.pages.publishing import publish_languages, unpublished_languages


@pytest.fixture
def source(make_page):
    """A published page on which nothing is left to do."""
    return make_page(organisation="Citizens Abroad")


@pytest.fixture
def user(db):
    return make_user("superuser", superuser=True)


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def lock(page):
    """Lock ``page`` for everybody but a colleague."""
    colleague = make_user("colleague", superuser=True)
    page.locked, page.locked_by, page.locked_at = True, colleague, timezone.now()
    page.save()


def refusals(outcomes):
    return [outcome.refused for outcome in outcomes]


class TestOwnPages:
    """Languages that are edited like any other page."""

    @pytest.fixture
    def other(self, source, italian):
        return fresh(source.copy_for_translation(italian, copy_parents=True))

    def test_a_draft_goes_live_and_the_log_says_by_whom(self, source, other, user):
        (outcome,) = publish_languages(source, user)
        assert (outcome.refused, outcome.goes_live_at) == ("", None)
        assert fresh(other).live
        entry = PageLogEntry.objects.get(page=other.pk, action="wagtail.publish")
        assert entry.user == user

    def test_its_newest_draft_goes_live(self, source, other, user):
        other.title = "Basta"
        other.save_revision().publish()
        assert unpublished_languages(source) == []
        other.title = "Smettete"
        other.save_revision()
        publish_languages(source, user)
        assert fresh(other).title == "Smettete"
        assert unpublished_languages(source) == []

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"letter": "<p></p>"}, "Write the letter."),
            ({"recipients": []}, "Add at least one “To” recipient."),
            (
                {"body": [("text", RichText("")), ("quote", {"text": "", "author": "Anna"})]},
                "Some of its fields are invalid.",
            ),
        ],
        ids=["letter", "recipient", "block"],
    )
    def test_a_draft_that_is_not_ready_stays_one(self, source, other, user, changes, why):
        for name, value in changes.items():
            setattr(other, name, value)
        other.save_revision()
        assert refusals(publish_languages(source, user)) == [why]
        assert not fresh(other).live

    def test_a_locked_page_stays_as_it_is(self, source, other, user):
        lock(other)
        assert refusals(publish_languages(source, user)) == ["It is locked."]
        assert not fresh(other).live

    def test_one_that_is_refused_keeps_no_other_back(self, source, other, user):
        arabic = Locale.objects.create(language_code="ar")
        third = source.copy_for_translation(arabic, copy_parents=True)
        other.letter = "<p></p>"
        other.save_revision()
        assert refusals(publish_languages(source, user)) == ["Write the letter.", ""]
        assert fresh(third).live


class TestSynced:
    """Languages that wagtail-localize keeps in sync."""

    @pytest.fixture
    def translation(self, source, italian):
        """The Italian translation, of which everything is translated."""
        made, _created = TranslationSource.get_or_create_from_instance(source)
        translation = Translation.objects.create(source=made, target_locale=italian)
        self.translate(translation)
        translation.save_target(publish=False)
        return translation

    def translate(self, translation):
        for segment in translation.source.stringsegment_set.all():
            StringTranslation.objects.get_or_create(
                translation_of=segment.string,
                context=segment.context,
                locale=translation.target_locale,
                defaults={"data": f"IT {segment.string.data}"},
            )

    def change(self, source):
        source.letter = "<p>Another letter.</p>"
        source.save_revision().publish()
        return fresh(source)

    def test_what_is_translated_goes_live(self, source, translation, user):
        (outcome,) = publish_languages(source, user)
        assert outcome.refused == ""
        page = fresh(translation.get_target_instance())
        assert page.live
        assert page.title == f"IT {source.title}"
        entry = PageLogEntry.objects.get(page=page.pk, action="wagtail.publish")
        assert entry.user == user

    def test_changes_of_the_source_come_with_it_once_translated(self, source, translation, user):
        publish_languages(source, user)
        source = self.change(source)
        assert refusals(publish_languages(source, user)) == ["1 text is not translated yet."]
        page = fresh(translation.get_target_instance())
        assert page.live
        assert "Another letter" not in page.letter
        self.translate(translation)
        assert refusals(publish_languages(source, user)) == [""]
        assert "IT Another letter" in fresh(page).letter

    def test_syncing_needs_the_right_to(self, source, translation):
        root = source.get_root()
        editor = make_user("editor", pages=[root])
        editor.groups.get().page_permissions.create(
            page=root,
            permission=Permission.objects.get(
                content_type__app_label="wagtailcore", codename="publish_page"
            ),
        )
        assert refusals(publish_languages(source, editor)) == [""]
        source = self.change(source)
        assert refusals(publish_languages(source, editor)) == [
            "You don’t have permission to sync it with its source."
        ]

    def test_it_can_t_be_scheduled(self, source, translation, user):
        moment = timezone.now() + timezone.timedelta(days=1)
        assert refusals(publish_languages(source, user, moment)) == [
            "A synced translation can’t be scheduled."
        ]

    def test_not_before_its_source(self, source, translation, user):
        arabic = Locale.objects.create(language_code="ar")
        other = source.copy_for_translation(arabic, copy_parents=True)
        source.unpublish()
        lock(source)
        assert refusals(publish_languages(other, user)) == [
            "It is locked.",
            "Publish English first, which it is translated from.",
        ]

    def test_its_source_is_published_first(self, source, translation, user):
        arabic = Locale.objects.create(language_code="ar")
        other = source.copy_for_translation(arabic, copy_parents=True)
        source.unpublish()
        outcomes = publish_languages(other, user)
        assert outcomes[0].page.pk == source.pk
        assert refusals(outcomes) == ["", ""]
