"""A petition's terms are set on its source page, and apply in every language."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from wagtail_localize.models import Translation, TranslationSource

from tests.helpers import dump
from wagtail_petition import jobs
from wagtail_petition.mail import closing_reminder
from wagtail_petition.models import Petition, PetitionPage, SignedText
from wagtail_petition.models.terms import State
from wagtail_petition.pages.checklist import checklist

pytestmark = pytest.mark.django_db


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def publish(page, **changes):
    page = fresh(page).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return fresh(page)


class TestClosingDate:
    @pytest.fixture
    def english(self, page, clock):
        return publish(page, closes_at=clock.now() + timedelta(days=1), retention_months=1)

    @pytest.fixture
    def italian_page(self, english, italian):
        made = english.copy_for_translation(italian, copy_parents=True)
        made.save_revision().publish()
        return fresh(made)

    def test_extended_in_one_language_nobody_loses_data_in_another(
        self, english, italian_page, make_signature, clock
    ):
        make_signature(english, email="anna@example.org")
        make_signature(italian_page, email="bruno@example.org")
        SignedText.objects.update(erase_at=None, retention_months=1)
        clock.forward(days=41)
        publish(english, closes_at=clock.now() + timedelta(days=140))
        publish(italian_page)
        jobs.housekeeping()
        assert {"anna@example.org", "bruno@example.org"} <= set(
            Petition.objects.get().signatures.values_list("email", flat=True)
        )
        assert fresh(italian_page).state == State.OPEN

    def test_closed_early_in_one_language_no_other_takes_signatures(
        self, english, italian_page, post, client, clock
    ):
        publish(english, closes_at=clock.now() - timedelta(hours=1))
        assert fresh(italian_page).closes_at > clock.now()
        response = post(to=italian_page, email="late@example.org")
        assert response.status_code == 422
        assert not Petition.objects.get().signatures.exists()
        assert fresh(italian_page).state == State.CLOSED
        html = client.get(italian_page.url).content.decode()
        assert 'name="email"' not in html

    def test_what_is_kept_of_a_page_is_made_anew_in_every_language(
        self, english, italian_page, client, clock
    ):
        client.get(italian_page.url)
        publish(english, closes_at=None, goal=777)
        html = client.get(italian_page.url).content.decode()
        assert "777" in html

    def test_confirming_last_call_and_erasing_go_by_it(
        self, english, italian_page, make_signature, clock
    ):
        make_signature(italian_page, confirm=False)
        publish(english, closes_at=clock.now() + timedelta(days=90))
        assert closing_reminder.queue_closing_reminders() == 0
        clock.forward(days=10)
        assert fresh(italian_page).can_confirm()
        clock.forward(days=79, hours=12)
        assert closing_reminder.queue_closing_reminders() == 1
        assert fresh(italian_page).erased_at == fresh(english).erased_at

    def test_an_alias_goes_by_it_too(self, english, italian_page, home, clock):
        alias = italian_page.create_alias(parent=home, update_slug="alias")
        publish(english, closes_at=clock.now() - timedelta(hours=1))
        assert fresh(alias).state == State.CLOSED

    def test_code_that_saves_the_page_sets_it(self, english, italian_page, clock):
        page = fresh(english)
        page.closes_at = clock.now() - timedelta(hours=1)
        page.save()
        assert fresh(italian_page).state == State.CLOSED

    def test_a_draft_changes_nothing_but_shows_it(self, english, italian_page, clock):
        draft = fresh(english).get_latest_revision_as_object()
        draft.closes_at = clock.now() - timedelta(hours=1)
        assert draft.state == State.CLOSED
        draft.save_revision()
        assert fresh(english).state == fresh(italian_page).state == State.OPEN
        assert Petition.objects.get().state_at() == State.OPEN


def test_the_form_asks_the_same_in_every_language(page, translated):
    publish(page, ask_city="required", ask_news=False)
    fields = fresh(translated).get_sign_form().fields
    assert fields["city"].required
    assert "wants_news" not in fields
    assert "città" in fresh(translated).get_consent_text()
    assert "city" in fresh(page).get_consent_text()


def test_the_checklist_and_the_goal_of_a_translation(page, translated):
    publish(page, goal=5_000, closes_at=timezone.now() + timedelta(days=5))
    shown = fresh(translated)
    assert shown.progress.goal == 5_000
    assert any(check.text.startswith("Closes on ") for check in checklist(shown))


def test_previews_of_a_translation(page, translated):
    publish(page, closes_at=timezone.now() - timedelta(days=5))
    shown = fresh(translated)
    request = shown.make_preview_request(preview_mode="open")
    assert request.status_code == 200
    assert 'name="email"' in request.content.decode()


class TestWithoutTheSource:
    def test_deleted_another_takes_over_with_what_held(self, page, translated):
        closes_at = timezone.now() + timedelta(days=30)
        publish(page, closes_at=closes_at, goal=321)
        fresh(page).delete()
        heir = fresh(translated)
        assert heir.is_source
        assert (heir.closes_at, heir.goal) == (closes_at, 321)
        # A draft from before, published as it is, brings nothing old back.
        heir = publish(heir)
        assert (heir.closes_at, Petition.objects.get().closes_at) == (closes_at, closes_at)
        assert publish(heir, goal=500).terms.goal == 500
        assert Petition.objects.get().goal == 500

    def test_offline_it_stays_the_source(self, page, translated):
        closes_at = timezone.now() + timedelta(days=30)
        publish(page, closes_at=closes_at)
        fresh(page).unpublish()
        publish(translated)
        assert Petition.objects.get().closes_at == closes_at
        assert fresh(translated).terms.closes_at == closes_at

    def test_all_deleted_and_restored(self, page, make_signature, admin_client, home):
        make_signature()
        closes_at = timezone.now().replace(microsecond=0) + timedelta(days=30)
        publish(page, closes_at=closes_at, goal=321, ask_city="optional")
        fresh(page).delete()
        petition = Petition.objects.get()
        admin_client.post(
            reverse("petitions:recreate_page", args=[petition.pk]),
            {"page_type": "wagtail_petition.petitionpage", "parent": home.pk},
        )
        page = fresh(PetitionPage.objects.get()).get_latest_revision_as_object()
        page.recipients = [("recipient", {"name": "Jane Doe", "office": "", "role": "to"})]
        page.save_revision().publish()
        assert (page.closes_at, page.goal, page.ask_city) == (closes_at, 321, "optional")
        assert Petition.objects.get().closes_at == closes_at


def test_an_unsynchronised_translation_of_wagtail_localize(page, italian, post):
    source, _created = TranslationSource.get_or_create_from_instance(page)
    target = Translation.objects.create(source=source, target_locale=italian)
    target.save_target(publish=True)
    publish(page, closes_at=timezone.now() - timedelta(days=1))
    target.save_target(publish=True)
    translated = PetitionPage.objects.get(locale=italian)
    assert translated.closes_at is None
    assert translated.state == State.CLOSED
    assert Petition.objects.get().closes_at is not None


class TestEditor:
    def form_of(self, page, admin_user):
        form_class = type(page).get_edit_handler().get_form_class()
        return form_class(instance=page.get_latest_revision_as_object(), for_user=admin_user)

    def test_on_a_translation_they_are_shown_and_can_not_be_edited(
        self, page, translated, admin_user
    ):
        publish(page, goal=777)
        form = self.form_of(fresh(translated), admin_user)
        assert form.fields["goal"].disabled
        assert form["goal"].value() == 777
        assert not form.fields["letter"].disabled
        assert not self.form_of(fresh(page), admin_user).fields["goal"].disabled


class TestTitles:
    def test_the_petition_is_called_as_its_page_is_now(self, page, translated):
        publish(page, title="A better title")
        publish(translated, title="Un titolo migliore")
        petition = Petition.objects.get()
        assert str(petition) == "A better title"
        with translation.override("it"):
            assert str(petition) == "Un titolo migliore"
        with translation.override("ar"):
            assert str(petition) == "A better title"

    def test_the_title_stays_when_the_pages_are_gone(self, page, translated):
        publish(translated, title="Un titolo migliore")
        for each in (translated, page):
            fresh(each).delete()
        petition = Petition.objects.get()
        assert str(petition) == "Stop separating families"

    def test_list_filter_and_dashboard_show_it(self, page, admin_client, make_signature):
        make_signature()
        publish(page, title="A better title")
        petition = Petition.objects.get()
        for address in (
            reverse("petitions:index"),
            reverse("petitions:dashboard", args=[petition.pk]),
            reverse("petition_signatures:index"),
            reverse("petition_deliveries:add", args=[petition.pk]),
        ):
            html = admin_client.get(address, follow=True).content.decode()
            assert "A better title" in html, address
            assert "Stop separating families" not in html, address


def test_closing_before_opening_is_refused(make_page):
    opens_at = timezone.now() + timedelta(days=5)
    with pytest.raises(ValidationError) as refused:
        make_page(opens_at=opens_at, closes_at=opens_at - timedelta(days=1))
    assert refused.value.message_dict == {
        "closes_at": ["Choose a closing date after the opening date."]
    }


class TestMigration:
    """Petitions from before take what their pages say."""

    @pytest.fixture
    def fill(self):
        module = import_module("wagtail_petition.migrations.0012_fill_petition_terms")
        return lambda: module.fill(apps, SimpleNamespace(connection=connection))

    @pytest.fixture
    def forget(self):
        def forget(**changes):
            Petition.objects.update(
                **{
                    "closes_at": None,
                    "goal": None,
                    "retention_months": 6,
                    "titles": {},
                    "source_language": "",
                    "title": "The first title",
                    **changes,
                }
            )
            SignedText.objects.update(erase_at=None, retention_months=None)

        return forget

    def test_from_the_source_and_not_from_what_was_published_last(
        self, page, translated, fill, forget
    ):
        closes_at = datetime(2030, 1, 1, 12, tzinfo=UTC)
        publish(page, closes_at=closes_at, goal=321, retention_months=12, title="Now")
        publish(translated, title="Ora")
        forget(erase_at=datetime(2029, 1, 1, tzinfo=UTC))
        fill()
        petition = Petition.objects.get()
        assert (petition.closes_at, petition.goal) == (closes_at, 321)
        assert (petition.source_language, petition.title) == ("en", "Now")
        assert petition.titles == {"en": "Now", "it": "Ora"}
        assert petition.erase_at == closes_at + timedelta(days=365)

    def test_what_people_were_promised_is_noted(self, page, make_signature, fill, forget):
        make_signature(publish(page, closes_at=datetime(2030, 1, 1, 12, tzinfo=UTC)))
        erase_at = Petition.objects.get().erase_at
        forget(erase_at=erase_at)
        fill()
        assert SignedText.objects.get().erase_at == erase_at
        assert Petition.objects.get().erase_at == erase_at

    def test_a_petition_without_pages_stays_as_it_is(self, page, make_signature, fill, forget):
        make_signature()
        page.delete()
        erase_at = datetime(2029, 1, 1, tzinfo=UTC)
        forget(erase_at=erase_at)
        fill()
        petition = Petition.objects.get()
        assert (petition.erase_at, petition.title) == (erase_at, "The first title")
        assert "anna@example.org" in dump()
