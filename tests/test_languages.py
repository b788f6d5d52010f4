"""One petition in many languages: one count, one signature per person, the right language and domain."""

import re
import subprocess
import sys

import pytest
from django.test import TestCase, override_settings
from django.utils import translation
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.segments.extract import extract_segments

from tests.helpers import path_in
from wagtail_petition import ledger
from wagtail_petition.exports.resources import SignatureResource
from wagtail_petition.models import Petition, PetitionPage, Signature

pytestmark = pytest.mark.django_db

QUESTION = "5c9a2b0e-0c1d-4a7f-9f5e-111111111111"
YES = "5c9a2b0e-0c1d-4a7f-9f5e-222222222222"
NO = "5c9a2b0e-0c1d-4a7f-9f5e-333333333333"


def questions(label="Do you vote from abroad?", yes="Yes", no="No"):
    """One question with two choices, with ids as an editor's save makes them."""
    return [
        {
            "type": "one_choice",
            "id": QUESTION,
            "value": {
                "label": label,
                "help_text": "",
                "required": False,
                "choices": [
                    {"type": "item", "id": YES, "value": yes},
                    {"type": "item", "id": NO, "value": no},
                ],
                "shown_as": "radio",
            },
        }
    ]


class TestOneCount:
    def test_one_person_signs_once_in_all_languages(self, page, translated, make_signature):
        make_signature(page, email="anna@example.org")
        again = make_signature(translated, confirm=False, email="anna@example.org")
        assert ledger.confirm(again).outcome is ledger.Outcome.DUPLICATE
        assert Petition.objects.get().signature_count == 1

    def test_withdrawing_in_one_language_lowers_it_in_all(
        self, client, page, translated, make_signature
    ):
        make_signature(page, email="anna@example.org")
        italian = make_signature(translated, email="bruno@example.org")
        ledger.withdraw(italian)
        for shown in (page, translated):
            assert type(shown).objects.get(pk=shown.pk).progress.count == 1

    def test_each_keeps_the_text_of_its_language(self, page, translated, make_signature):
        english = make_signature(page, email="anna@example.org")
        italian = make_signature(translated, email="bruno@example.org")
        assert (english.signed_text.language, italian.signed_text.language) == ("en", "it")
        assert "Acconsento" in italian.signed_text.consent


class TestWithoutAPage:
    @pytest.mark.parametrize("gone", ["italian page", "source page", "locale"])
    def test_signatures_and_links_survive(
        self, client, page, translated, italian, make_signature, mailoutbox, gone
    ):
        attempt = make_signature(translated, confirm=False)
        ledger.send_confirmation_again(attempt)
        from wagtail_petition.mail import sender

        sender.drain()
        link = path_in(mailoutbox[-1], "confirm")
        if gone == "italian page":
            translated.delete()
        elif gone == "source page":
            page.delete()
        else:
            Page.objects.filter(locale=italian).order_by("-depth").first().delete()
            for left in Page.objects.filter(locale=italian).order_by("-depth"):
                left.delete()
            italian.delete()
        assert client.post(link).status_code == 303
        assert Petition.objects.get().signature_count == 1

    def test_the_other_page_stays_open(self, page, translated, post):
        page.unpublish()
        assert post(to=translated).status_code == 303


class TestQuestions:
    @pytest.fixture
    def asking(self, make_page, italian):
        """A page with a question, and its Italian translation."""
        page = make_page(questions=questions())
        other = page.copy_for_translation(italian, copy_parents=True)
        other.questions = questions("Voti dall’estero?", "Sì", "No")
        other.save_revision().publish()
        return page, PetitionPage.objects.get(pk=other.pk)

    def test_answers_compare_across_languages(self, asking, post):
        for number, page in enumerate(asking):
            answer = {f"q_{QUESTION}": YES}
            assert post(to=page, email=f"s{number}@example.org", **answer).status_code == 303
        assert [s.answers for s in Signature.objects.order_by("pk")] == [{QUESTION: YES}] * 2
        described = [s.signed_text.describe(s.answers) for s in Signature.objects.order_by("pk")]
        assert described == [
            [("Do you vote from abroad?", "Yes")],
            [("Voti dall’estero?", "Sì")],
        ]

    def test_an_answer_outlives_its_question(self, asking, post):
        page, _other = asking
        post(to=page, **{f"q_{QUESTION}": NO})
        page.questions = []
        page.save_revision().publish()
        signature = Signature.objects.get()
        assert signature.signed_text.describe(signature.answers) == [
            ("Do you vote from abroad?", "No")
        ]


def save(translation):
    """Publish what wagtail-localize makes of a ``Translation``."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        translation.save_target()


class TestQuestionsThatWaitForTranslation:
    @pytest.fixture
    def page(self, make_page):
        return make_page(questions=questions())

    @pytest.fixture
    def translation(self, page, italian):
        """The page as wagtail-localize translates it to Italian, its question's label too."""
        source, _created = TranslationSource.update_or_create_from_instance(page)
        made = Translation.objects.create(source=source, target_locale=italian)
        label = StringSegment.objects.get(source=source, string__data="Do you vote from abroad?")
        StringTranslation.objects.create(
            translation_of=label.string,
            context=label.context,
            locale=italian,
            data="Voti dall’estero?",
        )
        save(made)
        return made

    @pytest.fixture
    def ask_more(self, page, translation):
        """Add a question to the source, and bring the Italian page up to date with it or not."""

        def ask_more(synchronise):
            more = {"label": "Would you help?", "help_text": "", "required": False}
            page.questions = [
                {"type": "tick_box", "id": NO, "value": more},
                *questions(),
            ]
            page.save_revision().publish()
            if synchronise:
                translation.source.update_from_db()
                save(translation)
            return PetitionPage.objects.get(locale=translation.target_locale)

        return ask_more

    @pytest.mark.parametrize("synchronise", [False, True])
    def test_answers_are_kept(self, translation, ask_more, post, synchronise):
        shown = PetitionPage.objects.get(locale=translation.target_locale)
        assert post(to=shown, email="a@example.org", **{f"q_{QUESTION}": YES}).status_code == 303
        shown = ask_more(synchronise)
        # A form that was open meanwhile is sent as it was.
        assert post(to=shown, email="b@example.org", **{f"q_{QUESTION}": NO}).status_code == 303
        answers = list(Signature.objects.order_by("pk").values_list("answers", flat=True))
        assert [a[QUESTION] for a in answers] == [YES, NO]
        resource = SignatureResource(petitions=[shown.petition], language="it")
        headers = resource.get_export_headers()
        assert "Voti dall’estero?" in headers

    def test_until_then_a_new_question_is_shown_as_it_was_written(self, client, ask_more, post):
        shown = ask_more(synchronise=True)
        html = client.get(shown.url).content.decode()
        assert "Would you help?" in html
        assert "Voti dall’estero?" in html
        post(to=shown, **{f"q_{NO}": "on", f"q_{QUESTION}": YES})
        assert Signature.objects.get().answers == {NO: True, QUESTION: YES}

    def test_a_translation_out_of_date_goes_on_asking_what_it_asked(self, client, ask_more):
        shown = ask_more(synchronise=False)
        html = client.get(shown.url).content.decode()
        assert "Voti dall’estero?" in html
        assert "Would you help?" not in html


class TestDomains:
    @pytest.fixture
    def two_sites(self, page, translated, home):
        """A second site with its own tree, in three languages."""
        root = Page.get_first_root_node()
        other_home = root.add_child(
            instance=Page(title="Second", slug="second", locale=home.locale)
        )
        Site.objects.create(hostname="second.example", root_page=other_home, port=443)
        other = PetitionPage(
            title="Another petition",
            slug="another",
            letter="<p>Please.</p>",
            recipients=[("recipient", {"name": "Jane Doe", "office": "", "role": "to"})],
        )
        other_home.add_child(instance=other)
        other.save_revision().publish()
        italian = other.copy_for_translation(translated.locale, copy_parents=True)
        italian.save_revision().publish()
        arabic = Locale.objects.create(language_code="ar")
        for source in (page, other):
            source.copy_for_translation(arabic, copy_parents=True).save_revision().publish()
        Site.clear_site_root_paths_cache()
        return list(PetitionPage.objects.filter(translation_key=other.translation_key))

    def test_mails_lead_to_the_site_that_was_signed(
        self, two_sites, page, make_signature, mailoutbox
    ):
        from wagtail_petition.mail import sender

        first = PetitionPage.objects.filter(translation_key=page.translation_key)
        signed = [*first, *two_sites]
        for number, shown in enumerate(signed):
            make_signature(shown, confirm=False, email=f"s{number}@example.org")
        sender.drain()
        hosts = [re.search(r"https?://([^/]+)/petitions/confirm/", m.body)[1] for m in mailoutbox]
        assert hosts == ["localhost"] * 3 + ["second.example"] * 3
        words = {"en": "Confirm", "it": "Conferma", "ar": "تأكيد"}
        for shown, mail in zip(signed, mailoutbox, strict=True):
            assert words[shown.language] in mail.body

    def test_so_does_the_code_to_embed(self, two_sites):
        from wagtail_petition.public.embed import embed_code

        for shown in two_sites:
            assert "https://second.example/petitions/" in embed_code(shown)

    def test_pages_name_their_languages_on_their_own_domain(self, client, two_sites):
        for shown in two_sites:
            answer = client.get(shown.full_url, headers={"Host": "second.example"})
            assert "//localhost/" not in answer.content.decode()
            for other in two_sites:
                link = f'<{other.full_url}>; rel="alternate"; hreflang="{other.language}"'
                assert link in answer["Link"]


class TestTranslating:
    @pytest.fixture
    def segments(self, make_page):
        page = make_page(
            questions=questions(),
            goal=500,
            introduction="<p>Please sign.</p>",
            body=[
                (
                    "timeline",
                    {
                        "heading": "What happened",
                        "order": "oldest",
                        "events": [
                            {
                                "date": "2018-04-06",
                                "precision": "day",
                                "title": "A memorandum",
                                "text": "",
                                "source": "https://www.justice.gov/",
                            }
                        ],
                    },
                )
            ],
        )
        return [(s.path, getattr(s, "string", None)) for s in extract_segments(page)]

    def test_what_people_read_is_extracted(self, segments):
        texts = {string.data for _path, string in segments if string is not None}
        assert {"Please sign.", "What happened", "A memorandum", "Yes", "No"} <= texts
        assert "Do you vote from abroad?" in texts
        assert "Jane Doe" in texts

    def test_what_all_languages_share_is_not(self, segments):
        shared = {"goal", "opens_at", "closes_at", "ask_city", "retention_months", "send_reminder"}
        assert not shared & {path.split(".")[0] for path, _string in segments}


@pytest.mark.apart
@pytest.mark.parametrize(
    "apps",
    [
        pytest.param(["wagtail.contrib.simple_translation", "wagtail.locales"], id="simple"),
        pytest.param([], id="none"),
    ],
)
def test_without_wagtail_localize(apps, tmp_path):
    """The same page type works with Wagtail's own translation app, and with none."""
    script = f"""
import os
os.environ["DATABASE_URL"] = "sqlite:///{tmp_path / "site.sqlite3"}"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
from django.conf import settings
settings.INSTALLED_APPS = {apps!r} + [
    app for app in settings.INSTALLED_APPS if not app.startswith("wagtail_localize")
]
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("check")
from wagtail.models import Locale, Page
from wagtail_petition.models import PetitionPage
home = Page.objects.get(depth=2)
page = PetitionPage(
    title="A petition", slug="p", letter="<p>Please.</p>",
    recipients=[("recipient", {{"name": "Jane", "office": "", "role": "to"}})],
)
home.add_child(instance=page)
page.save_revision().publish()
italian = Locale.objects.create(language_code="it")
home.copy_for_translation(italian)
other = page.copy_for_translation(italian)
other.save_revision().publish()
assert PetitionPage.objects.get(pk=other.pk).petition == PetitionPage.objects.get(pk=page.pk).petition
from django.test import Client
assert Client().get(page.url).status_code == 200
print("works")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip().endswith("works"), done.stderr


@override_settings(USE_THOUSAND_SEPARATOR=False)
@pytest.mark.parametrize(("language", "shown"), [("en", "1,284"), ("it", "1.284")])
def test_the_count_is_written_as_the_language_does(client, page, translated, language, shown):
    Petition.objects.update(signature_count=1284)
    seen = page if language == "en" else translated
    with translation.override(language):
        assert shown in client.get(seen.url).text


def test_country_names_and_errors_are_in_the_pages_language(post, translated):
    text = post(to=translated, given_name="").text
    assert "Inserisci il tuo nome." in text
    assert ">Germania<" in text
    assert Locale.objects.count() == 2
