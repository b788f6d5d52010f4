"""The editor's checklist."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail_localize.models import Translation, TranslationSource

from wagtail_petition.models import PetitionPage
from wagtail_petition.pages.checklist import Level, checklist, summary


def open_checks(page):
    """The texts of what is not done."""
    return [check.text for check in checklist(page) if check.level is not Level.DONE]


@pytest.fixture
def ready(make_page):
    """A page on which nothing is left to do; arguments are its fields."""

    def make(**fields):
        closes_at = timezone.now() + timezone.timedelta(days=30)
        return make_page(**{"closes_at": closes_at, "organisation": "Citizens Abroad"} | fields)

    return make


def test_a_new_page_says_what_it_needs(db, italian):
    texts = open_checks(PetitionPage())
    assert texts[:4] == [
        "Add at least one “To” recipient.",
        "Write the letter.",
        "Add the responsible organisation: people must know who collects their data.",
        "The standard consent text names the organisation and the recipient: add both.",
    ]


def test_title_recipient_letter_and_an_end_are_enough(ready):
    assert open_checks(ready()) == []


def test_a_recipient_of_copies_alone_is_no_recipient(ready):
    page = ready(recipients=[("recipient", {"name": "Press", "office": "", "role": "cc"})])
    assert "Add at least one “To” recipient." in open_checks(page)


def test_no_end(ready):
    (text,) = open_checks(ready(closes_at=None))
    assert "Set a closing date" in text


def test_a_consent_text_that_names_nothing(ready):
    (text,) = open_checks(ready(consent_text="<p>I agree.</p>", organisation="Citizens Abroad"))
    for words in ("who is responsible (Citizens Abroad)", "recipient", "for", "erased"):
        assert words in text


def test_a_consent_text_that_names_all(ready):
    page = ready(
        organisation="Citizens Abroad",
        consent_text="<p>Citizens Abroad hands my signature to Ms Doe. It is erased in 2027.</p>",
    )
    assert open_checks(page) == []


def test_images_without_words(ready, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image = get_image_model().objects.create(title="A border", file=get_test_image_file())
    value = {"image": image, "alt_text": "", "caption": "", "credit": ""}
    page = ready(body=[("image", value), ("image", {**value, "alt_text": "A gate"})])
    (text,) = open_checks(page)
    assert text.startswith("1 image has no alt text.")


def test_another_language_published_before(ready, italian):
    page = ready()
    other = page.copy_for_translation(italian, copy_parents=True)
    other.save_revision().publish()
    assert open_checks(PetitionPage.objects.get(pk=page.pk)) == []
    page.save_revision().publish()
    (text,) = open_checks(PetitionPage.objects.get(pk=page.pk))
    assert text == "Translation out of date: Italiano."


def test_a_translation_that_waits_for_words(ready, italian):
    page = ready()
    source, _created = TranslationSource.get_or_create_from_instance(page)
    Translation.objects.create(source=source, target_locale=italian)
    assert open_checks(page) == ["Translation out of date: Italiano."]


def test_the_editor_shows_it(admin_client, page):
    html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "Publishing checklist" in html
    assert "Set a closing date" in html


def test_the_editor_of_a_new_page_shows_it(admin_client, home):
    address = reverse("wagtailadmin_pages:add", args=["wagtail_petition", "petitionpage", home.pk])
    assert "Add at least one “To” recipient." in admin_client.get(address).content.decode()


def test_no_organisation(ready):
    texts = open_checks(ready(organisation=""))
    assert [text.partition(":")[0] for text in texts] == [
        "Add the responsible organisation",
        "The standard consent text names the organisation and the recipient",
    ]


def test_people_who_were_promised_an_earlier_date(ready, make_signature):
    page = ready(retention_months=1)
    make_signature(page)
    assert open_checks(PetitionPage.objects.get(pk=page.pk)) == []
    page = PetitionPage.objects.get(pk=page.pk)
    page.closes_at += timezone.timedelta(days=300)
    page.save_revision().publish()
    (text,) = open_checks(PetitionPage.objects.get(pk=page.pk))
    assert text.startswith("Some people signed when an earlier date was set.")


def test_it_says_when_nothing_is_left(ready, admin_client):
    page = ready()
    assert summary(checklist(page)) == "Ready to publish."
    assert summary(checklist(ready(closes_at=None))) == "Ready to publish, with 1 suggestion."
    assert summary(checklist(ready(recipients=[], letter="<p></p>"))) == "3 items left to do."
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "Ready to publish." in admin_client.get(address).content.decode()


def test_a_consent_text_of_ones_own_without_a_recipient(ready):
    page = ready(
        consent_text="<p>Citizens Abroad hands my signature to Ms Doe. It is erased in 2027.</p>",
        recipients=[],
    )
    assert open_checks(page) == [
        "Add at least one “To” recipient.",
        "Your consent text may be missing: the recipient.",
    ]


def test_it_can_be_asked_for_again(admin_client, ready):
    """It is for the newest draft, not for the published page."""
    page = ready()
    address = reverse("petitions:checklist", args=[page.pk])
    assert "Ready to publish." in admin_client.get(address).content.decode()
    page.letter = "<p></p>"
    page.save_revision()
    html = admin_client.get(address).content.decode()
    assert "1 item left to do." in html
    assert "Write the letter." in html
    assert (
        admin_client.get(reverse("petitions:checklist", args=[page.get_parent().pk])).status_code
        == 404
    )


MIDNIGHT = datetime(2030, 12, 30, 23, 0, tzinfo=UTC)  # In Rome.


def test_when_it_closes_is_said_with_time_and_zone(ready):
    (check,) = [
        c
        for c in checklist(ready(closes_at=MIDNIGHT - timedelta(hours=5)))
        if c.text.startswith("Closes")
    ]
    assert check.text == "Closes on Dec. 30, 2030, 7 pm (CET)."
    assert (check.level, check.field) == (Level.DONE, "closes_at")


def test_a_closing_date_whose_time_is_midnight(ready):
    (text,) = open_checks(ready(closes_at=MIDNIGHT))
    assert text == (
        "Closes at the first moment of Dec. 31, 2030. To include that day, enter the date "
        "without a time."
    )


def test_dates_in_the_wrong_order(ready):
    page = ready()
    page.opens_at = page.closes_at + timedelta(days=1)
    assert open_checks(page) == ["Choose a closing date after the opening date: nobody could sign."]


def test_a_petition_that_is_over(ready):
    (text,) = open_checks(ready(closes_at=timezone.now() - timedelta(days=1)))
    assert text.startswith("Closed on ")


@pytest.mark.parametrize(
    ("live", "expires", "opens", "begins"),
    [
        (10, None, None, None),
        (10, None, 20, None),
        (20, None, 10, "Scheduled for "),
        (40, None, None, "Scheduled for "),
        (None, 20, None, "Unpublished on "),
        (None, 20, 25, "Unpublished on "),
        (None, 40, None, None),
    ],
)
def test_the_schedule_of_the_page_and_the_dates_of_the_petition(
    ready, live, expires, opens, begins
):
    """The petition closes in 30 days; all numbers are days from now."""
    page = ready(publish=False)
    for name, days in {"go_live_at": live, "expire_at": expires, "opens_at": opens}.items():
        setattr(page, name, days and timezone.now() + timedelta(days=days))
    texts = open_checks(page)
    assert [text.startswith(begins or "") for text in texts] == ([True] if begins else [])


def test_a_translation_that_will_not_go_live(ready, italian):
    page = ready(publish=False)
    other = page.copy_for_translation(italian, copy_parents=True)
    (check,) = [c for c in checklist(page) if c.level is not Level.DONE]
    assert check.text == (
        "Italiano is a draft and won’t go live with this page. Publish it on its own page, or use "
        "“Publish in all languages”."
    )
    assert check.url == reverse("wagtailadmin_pages:edit", args=[other.pk])
    other.save_revision().publish()
    assert open_checks(page) == []


def test_a_translation_and_the_schedule_of_its_source(ready, italian):
    page = ready(publish=False)
    page.go_live_at = timezone.now() + timedelta(days=5)
    other = page.copy_for_translation(italian, copy_parents=True)
    (text,) = open_checks(page)
    assert text.endswith(
        "Schedule it for the same time on its page, or use “Schedule in all languages”."
    )
    other.go_live_at = page.go_live_at + timedelta(hours=1)
    other.save_revision().publish()
    (text,) = open_checks(page)
    assert text.startswith("Italiano is scheduled for ")
    other.go_live_at = page.go_live_at
    other.save_revision().publish()
    assert open_checks(page) == []


def test_a_synced_translation_can_t_be_scheduled(ready, italian):
    page = ready()
    source, _created = TranslationSource.get_or_create_from_instance(page)
    Translation.objects.create(source=source, target_locale=italian).save_target(publish=False)
    page.go_live_at = timezone.now() + timedelta(days=5)
    (text,) = open_checks(page)
    assert "A synced translation can’t be scheduled" in text


def test_every_line_leads_to_its_field(admin_client, ready):
    page = ready(letter="<p></p>")
    html = admin_client.get(reverse("petitions:checklist", args=[page.pk])).content.decode()
    names = {field.name for field in page._meta.get_fields()}
    fields = {c.field.partition(".")[0] for c in checklist(page) if not c.url}
    assert fields - {""} <= names
    assert 'href="#:w:contentpath=letter"' in html


class TestWherePeopleVote:
    @pytest.mark.parametrize(
        ("fields", "level", "text"),
        [
            ({"home_country": "US"}, "done", "Signers are asked where they vote."),
            (
                {"home_country": "US", "ask_home_tie": "no", "ask_home_region": "no"},
                "missing",
                "Nothing is asked",
            ),
            (
                {"home_country": "IT", "ask_home_tie": "no", "ask_home_place": "optional"},
                "advice",
                "Ask whether people vote there",
            ),
            ({"home_country": "DE", "ask_home_district": "optional"}, "advice", "no districts"),
        ],
    )
    def test_what_is_asked(self, make_page, fields, level, text):
        (check,) = [c for c in checklist(make_page(**fields)) if "home" in c.field]
        assert check.level.value == level
        assert text in check.text

    def test_a_country_that_the_site_has_removed(self, make_page, settings):
        page = make_page(home_country="US")
        settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "HOME_SCHEMES": {"US": None}}
        (check,) = [c for c in checklist(page) if "home" in c.field]
        assert check.level.value == "missing"
        assert page.get_sign_form().home_names == []


class TestRecipientsWhoStandForOthers:
    def check(self, make_page, stands_for, **fields):
        """The text on these recipients, or None."""
        value = {"name": "Your senators", "office": "", "role": "to", "stands_for": stands_for}
        page = make_page(recipients=[("recipient", value)], **fields)
        found = [c for c in checklist(page) if "represent" in c.text or "districts" in c.text]
        return page, [(c.level.value, c.text) for c in found]

    def test_nothing_is_said_of_others(self, make_page):
        assert self.check(make_page, "")[1] == []

    @pytest.mark.parametrize(
        ("stands_for", "fields", "level", "text"),
        [
            ("region", {}, "missing", "ask where people vote"),
            ("district", {"home_country": "US"}, "missing", "ask for the district"),
            ("region", {"home_country": "US"}, "advice", "List the representatives"),
        ],
    )
    def test_what_is_missing(self, make_page, stands_for, fields, level, text):
        [(found, told)] = self.check(make_page, stands_for, **fields)[1]
        assert (found, text in told) == (level, True)

    def test_they_are_listed(self, make_page):
        page, _told = self.check(make_page, "region", home_country="US")
        page.petition.representatives.create(name="Ada", country="US", region="US-NY")
        assert "The signers’ representatives are listed." in [c.text for c in checklist(page)]
