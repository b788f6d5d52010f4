"""The form's fields on where people vote."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from wagtail_petition.models import Petition, Signature

pytestmark = pytest.mark.django_db

ALL = {f"ask_home_{name}": "optional" for name in ("tie", "region", "district", "place")}
REQUIRED = dict.fromkeys(ALL, "required")


@pytest.fixture
def voters(make_page):
    """A page that asks for everything about the United States."""
    return make_page(home_country="US", **ALL)


@pytest.fixture
def cleaned(form_data):
    """The form's data on a page, or its errors."""

    def clean(page, **data):
        form = page.get_sign_form(form_data(**data))
        if not form.is_valid():
            return {name: " ".join(errors) for name, errors in form.errors.items()}
        personal = form.personal_data
        return {name: value for name, value in personal.items() if name.startswith("home_")}

    return clean


def home(country="US", tie="", region="", district="", place=""):
    return {
        "home_country": country,
        "home_tie": tie,
        "home_region": region,
        "home_district": district,
        "home_place": place,
    }


class TestWhatIsAsked:
    def test_nothing_by_default(self, page):
        assert page.get_sign_form().home_names == []

    def test_tie_and_region_once_there_is_a_country(self, make_page):
        form = make_page(home_country="US").get_sign_form()
        assert form.home_names == ["home_tie", "home_region"]
        assert not any(field.field.required for field in form.home_fields)

    @pytest.mark.parametrize(
        ("country", "names"),
        [
            ("US", ["home_tie", "home_region", "home_district", "home_place"]),
            ("GB", ["home_tie", "home_district", "home_place"]),
            ("DE", ["home_tie", "home_region", "home_place"]),
            ("IT", ["home_tie", "home_place"]),
            ("FR", ["home_tie", "home_place"]),
        ],
    )
    def test_what_the_country_has(self, make_page, country, names):
        assert make_page(home_country=country, **ALL).get_sign_form().home_names == names

    def test_the_petitions_country_in_every_language(self, make_page, italian):
        page = make_page(home_country="US")
        made = page.copy_for_translation(italian, copy_parents=True)
        made.save_revision().publish()
        made = type(page).objects.get(pk=made.pk)
        type(page).objects.filter(pk=made.pk).update(home_country="")
        made.refresh_from_db()
        assert made.get_sign_form().home_names == ["home_tie", "home_region"]
        assert Petition.objects.get().home_country == "US"


class TestAnswers:
    def test_all(self, voters, cleaned):
        answers = {"home_tie": "votes_there", "home_region": "US-NY", "home_place": "Brooklyn"}
        assert cleaned(voters, **answers, home_district="US-NY 12") == home(
            tie="votes_there", region="US-NY", district="12", place="Brooklyn"
        )

    def test_none(self, voters, cleaned):
        assert cleaned(voters) == home(country="")

    def test_a_district_tells_its_state(self, voters, cleaned):
        assert cleaned(voters, home_district="US-NY 12") == home(region="US-NY", district="12")

    def test_a_state_with_one_seat(self, voters, cleaned):
        assert cleaned(voters, home_region="US-AK") == home(region="US-AK", district="00")

    def test_no_district_if_none_is_asked(self, make_page, cleaned):
        page = make_page(home_country="US")
        assert cleaned(page, home_region="US-AK") == home(region="US-AK")

    def test_a_district_of_another_state(self, voters, cleaned):
        errors = cleaned(voters, home_region="US-NJ", home_district="US-NY 12")
        assert errors == {"home_district": "Choose a district of New Jersey."}

    @pytest.mark.parametrize("value", ["US-NY 27", "US-NY", "12", "US-AE 01"])
    def test_no_such_district(self, voters, cleaned, value):
        assert list(cleaned(voters, home_district=value)) == ["home_district"]

    def test_military_mail(self, voters, cleaned):
        errors = cleaned(voters, home_region="US-AE")
        assert errors["home_region"].startswith("AE is for military and diplomatic mail.")

    def test_who_is_no_citizen_has_no_state(self, voters, cleaned):
        errors = cleaned(voters, home_tie="not_a_citizen", home_region="US-NY")
        assert errors == {"home_region": "If you’re not a citizen, leave this empty."}
        assert cleaned(voters, home_tie="not_a_citizen") == home(tie="not_a_citizen")

    def test_computed(self, make_page, cleaned):
        page = make_page(home_country="FR")
        assert cleaned(page, home_tie="votes_there") == home("FR", "votes_there", "FR-ZZ08")
        assert cleaned(page, home_tie="not_a_citizen") == home("FR", "not_a_citizen")
        assert cleaned(page) == home(country="")

    def test_typed(self, make_page, cleaned):
        page = make_page(home_country="GB", **ALL)
        assert cleaned(page, home_district="Bath") == home("GB", district="Bath")


class TestRequired:
    @pytest.fixture
    def strict(self, make_page):
        return make_page(home_country="US", **REQUIRED)

    def test_says_what_is_missing(self, strict, cleaned):
        errors = cleaned(strict)
        assert set(errors) == {"home_tie", "home_region", "home_district", "home_place"}
        assert "“I don’t know”" in errors["home_region"]

    def test_nobody_has_to_know(self, strict, cleaned):
        answers = {"home_tie": "never_lived", "home_place": "None"}
        assert cleaned(strict, **answers, home_region="?", home_district="?") == home(
            tie="never_lived", place="None"
        )

    def test_nobody_else_has_to_answer(self, strict, cleaned):
        assert cleaned(strict, home_tie="not_a_citizen") == home(tie="not_a_citizen")

    def test_a_district_is_enough(self, strict, cleaned):
        answers = {"home_tie": "votes_there", "home_place": "Brooklyn"}
        assert cleaned(strict, **answers, home_district="US-NY 12")["home_region"] == "US-NY"


class TestOnThePage:
    def test_a_group_without_a_script(self, client, voters):
        html = client.get(voters.url).content.decode()
        assert html.count("<legend>Where do you vote? ") == 1
        assert "(United States of America)</span></legend>" in html
        assert "where you last lived before you left the United States" in html
        assert '<option value="US-NY">New York</option>' in html
        assert '<optgroup label="New York" data-petition-region="US-NY">' in html
        assert '<option value="US-NY 12">NY-12</option>' in html
        assert "I don’t know" not in html
        assert "where I vote" in html  # the consent

    def test_names_in_the_pages_language(self, voters, italian):
        with translation.override("it"):
            assert "Carolina del Nord" in str(voters.get_sign_form()["home_region"])
        with translation.override("en"):
            assert "North Carolina" in str(voters.get_sign_form()["home_region"])

    def test_what_was_chosen_stays_after_an_error(self, post, voters):
        answers = {"home_tie": "lived_there", "home_region": "US-NY", "home_place": "Brooklyn"}
        response = post(voters, consent=None, home_district="US-NY 12", **answers)
        html = response.content.decode()
        assert response.status_code == 422
        assert '<option value="US-NY" selected>' in html
        assert '<option value="US-NY 12" selected>' in html
        assert re.search(r'value="lived_there"[^>]* checked', html)
        assert 'value="Brooklyn"' in html

    @pytest.mark.parametrize("asks", [ALL, REQUIRED])
    def test_an_old_tab_answers_again_if_the_country_has_changed(self, client, post, voters, asks):
        old = client.get(voters.url).content.decode()
        assert '<input type="hidden" name="home_country" value="US"' in old
        page = type(voters).objects.get(pk=voters.pk)
        page.home_country = "DE"
        for name, ask in asks.items():
            setattr(page, name, ask)
        page.save_revision().publish()
        answers = {"home_tie": "votes_there", "home_region": "US-NY", "home_place": "Brooklyn"}
        response = post(voters, city="Rome", home_country="US", **answers)
        html = response.content.decode()
        assert response.status_code == 422
        assert not Signature.objects.exists()
        assert "This petition now asks where you vote in Germany. Please answer again." in html
        # The choices are open again, and what was typed is there.
        assert not re.search(r'value="votes_there"[^>]* checked', html)
        assert 'value="Brooklyn"' in html
        assert 'value="anna@example.org"' in html
        # The form that is shown again asks about the new country, and its answers are accepted.
        assert '<input type="hidden" name="home_country" value="DE"' in html
        answers |= {"home_region": "DE-BY"}
        assert post(voters, home_country="DE", **answers).status_code == 303
        assert Signature.objects.get().home_region == "DE-BY"

    def test_an_old_tab_without_answers_signs(self, post, make_page):
        page = make_page(home_country="DE", **ALL)
        assert post(page, home_country="US").status_code == 303
        assert Signature.objects.get().home_country == ""

    def test_codes_of_another_country_are_refused_without_it(self, post, make_page):
        page = make_page(home_country="DE", **ALL)
        assert post(page, home_region="US-NY").status_code == 422

    def test_the_country_is_no_answer_of_its_own(self, post, voters):
        post(voters, home_country="US", home_region="US-NY")
        signature = Signature.objects.get()
        assert (signature.home_country, signature.answers) == ("US", {})

    def test_signing_and_confirming(self, client, post, voters):
        post(voters, home_tie="votes_there", home_region="US-NY", home_district="US-NY 12")
        signature = Signature.objects.get()
        assert signature.home_region == "US-NY"
        assert signature.home_district == "12"

    def test_the_link_shows_it(self, client, post, make_page, mailoutbox):
        page = make_page(home_country="US", show_home=True, ask_home_district="optional")
        post(page, home_tie="votes_there", home_region="US-NY", home_district="US-NY 12")
        link = re.search(r"http\S+/confirm/\S+", mailoutbox[-1].body)[0]
        html = client.get(link).content.decode()
        assert "NY-12" in html
        assert "voter in New York" in html

    def test_the_editor_keeps_the_country(self, admin_client, voters):
        response = admin_client.get(reverse("wagtailadmin_pages:edit", args=[voters.pk]))
        assert '<option value="US" selected>' in response.content.decode()
        revision = voters.save_revision()
        assert revision.as_object().home_country == "US"

    def test_as_many_queries_as_without(self, post, page, voters, django_assert_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        post(page, email="a@example.org")
        post(voters, email="b@example.org", home_region="US-NY")
        with CaptureQueriesContext(connection) as without:
            post(page, email="c@example.org")
        with django_assert_num_queries(len(without)):
            post(voters, email="d@example.org", home_tie="votes_there", home_region="US-NY")


class TestLetter:
    @pytest.mark.parametrize(
        ("answers", "signer"),
        [
            ({"home_region": "US-NY"}, "Anna Moretti, Rome · voter in New York"),
            (
                {"home_tie": "votes_there"},
                "Anna Moretti, Rome · voter in United States of America",
            ),
            ({"home_tie": "lived_there", "home_region": "US-NY"}, "Anna Moretti, Rome"),
            ({}, "Anna Moretti, Rome"),
        ],
    )
    def test_says_where_the_signer_votes(self, make_page, make_signature, answers, signer):
        from wagtail_petition.templatetags.petition_tags import letter_signer

        page = make_page(home_country="US", show_home=True)
        home = {"home_country": "US"} if answers else {}
        signature = make_signature(page, city="Rome", **home, **answers)
        assert letter_signer(signature) == signer

    def test_as_it_was_when_they_signed(self, make_page, make_signature):
        from wagtail_petition.templatetags.petition_tags import letter_signer

        page = make_page(home_country="US")
        signature = make_signature(page, home_country="US", home_region="US-NY")
        page.show_home = True
        page.save_revision().publish()
        assert letter_signer(signature) == "Anna Moretti"
        assert not signature.signed_text.shows_home

    def test_texts_of_other_petitions_keep_their_hash(self, page):
        before = page.get_text_to_sign().sha256
        page.show_home = True
        assert page.get_text_to_sign().sha256 == before
