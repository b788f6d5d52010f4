"""The default texts of a page, and the text that is stored when people sign."""

from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.html import strip_tags
from wagtail.models import Site

from tests.forms.test_sign import questions
from wagtail_petition.models import SignedText

pytestmark = pytest.mark.django_db


def test_consent_names_purpose_recipient_controller_and_retention(make_page):
    page = make_page(organisation="Citizens & Friends", closes_at=datetime(2026, 6, 30, tzinfo=UTC))
    consent = page.get_consent_text()
    text = strip_tags(consent)
    assert "Citizens &amp; Friends may collect my signature" in text
    assert "political opinion" in text
    assert "Jane Doe" in text
    assert "erased by Dec. 30, 2026, even if" in text
    assert "withdraw at any time" in text


def test_consent_names_the_day_in_the_sites_zone(make_page):
    # In Rome the year is over; in UTC it is not.
    closes_at = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    page = make_page(closes_at=closes_at, retention_months=12)
    assert "erased by Jan. 1, 2028" in page.get_consent_text()


@pytest.mark.parametrize(
    ("fields", "data"),
    [
        ({}, "my name and country to"),
        (
            {"ask_city": "optional", "ask_postcode": "required", "ask_message": "optional"},
            "my name, country, postcode, city and message to",
        ),
        (
            {"ask_region": "optional", "questions": questions()},
            "my name, country, state or region and answers to",
        ),
    ],
)
def test_consent_names_what_is_asked(make_page, fields, data):
    assert data in make_page(**fields).get_consent_text()


def test_consent_never_names_an_address_as_organisation(make_page, home):
    Site.objects.update(hostname="127.0.0.1", site_name="")
    consent = make_page().get_consent_text()
    assert "127.0.0.1" not in consent
    assert "the organisers of this petition may collect" in consent
    Site.objects.update(site_name="Citizens Abroad")
    assert "Citizens Abroad may collect" in make_page().get_consent_text()


def test_a_translation_that_names_nobody_has_the_organisation_of_its_source(page, translated):
    page.organisation = "Citizens Abroad"
    page.save_revision().publish()
    shown = type(translated).objects.get(pk=translated.pk)
    assert shown.get_organisation() == "Citizens Abroad"


def test_what_was_promised_is_part_of_the_text(make_page):
    page = make_page(closes_at=datetime(2026, 12, 31, 23, 0, tzinfo=UTC), consent_text="<p>Yes</p>")
    text = page.get_text_to_sign()
    assert text.erase_at == page.erased_at
    page.closes_at = datetime(2027, 12, 31, 23, 0, tzinfo=UTC)
    assert page.get_text_to_sign().sha256 != text.sha256
    page.closes_at = None
    assert page.get_text_to_sign().retention_months == 6


def test_consent_without_a_closing_date_names_the_months(make_page):
    assert "6 months after" in make_page().get_consent_text()
    assert "1 month after" in make_page(retention_months=1).get_consent_text()


def test_what_the_editor_wrote_counts(make_page):
    page = make_page(
        consent_text="<p>I agree.</p>", thanks_text="<p>Thanks!</p>", share_text="Sign too"
    )
    assert page.get_consent_text() == "<p>I agree.</p>"
    assert page.get_thanks_text() == "<p>Thanks!</p>"
    assert page.get_share_text() == "Sign too"


def test_the_words_are_in_the_language_of_the_page(page, translated):
    with translation.override("en"):
        assert translated.get_consent_text() != page.get_consent_text()
    with translation.override("it"):
        assert "I agree that" in page.get_consent_text()


def test_what_is_kept_is_what_is_shown(make_page):
    page = make_page(questions=questions())
    text = page.get_text_to_sign()
    assert text.title == page.title
    assert "separating children" in text.letter
    assert text.consent == page.get_consent_text()
    assert [q["id"] for q in text.questions][:3] == ["short", "long", "one"]
    assert text.questions[2]["choices"] == [
        {"id": "yes", "label": "Yes"},
        {"id": "no", "label": "No"},
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"letter": "<p>Another</p>"},
        {"consent_text": "<p>Another</p>"},
        {"questions": None},
    ],
)
def test_every_change_makes_another_text(make_page, change):
    page = make_page()
    before = page.get_text_to_sign().sha256
    assert page.get_text_to_sign().sha256 == before
    for name, value in change.items():
        setattr(page, name, value or questions())
    assert page.get_text_to_sign().sha256 != before


def test_a_goal_or_an_introduction_is_not_what_one_signs(make_page):
    page = make_page()
    before = page.get_text_to_sign().sha256
    page.goal, page.introduction = 500, "<p>Please.</p>"
    assert page.get_text_to_sign().sha256 == before


def test_links_in_the_letter_are_kept_as_they_were_shown(make_page, home):
    page = make_page(letter=f'<p><a linktype="page" id="{home.pk}">Home</a></p>')
    assert f'href="{home.url}"' in page.get_text_to_sign().letter


def test_an_answer_without_a_question_is_told_under_its_name():
    text = SignedText(questions=[{"id": "a", "type": "short_text", "label": "A?", "choices": []}])
    assert text.describe({"b_c": "no", "a": "yes"}) == [("A?", "yes"), ("B c", "no")]
    assert text.describe({}) == []


def test_who_signs_on_paper_agrees_to_what_is_true_there(make_page):
    page = make_page(
        ask_city="optional",
        ask_message="optional",
        questions=questions(),
        closes_at=datetime(2026, 6, 30, tzinfo=UTC),
    )
    consent = page.get_paper_consent_text()
    assert "my name, country and city to Jane Doe" in consent
    assert "erased by Dec. 30, 2026" in consent
    assert "email" not in consent
    assert "by writing to the organisers of this petition" in consent
    page.reply_to = "office@example.org"
    assert "by writing to office@example.org" in page.get_paper_consent_text()
    text = page.get_paper_text_to_sign()
    assert text.consent == page.get_paper_consent_text()
    assert text.questions == []
    assert text.erase_at == page.get_text_to_sign().erase_at
    assert text.sha256 != page.get_text_to_sign().sha256


def test_an_own_consent_text_on_paper(make_page):
    page = make_page(consent_text="<p>By email.</p>", paper_consent_text="<p>On paper.</p>")
    assert page.get_paper_text_to_sign().consent == "<p>On paper.</p>"
    assert page.get_text_to_sign().consent == "<p>By email.</p>"
