"""The region where people live, in the form."""

import re

import pytest
from django.utils import translation

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(make_page):
    return make_page(ask_region="optional")


def region_field(form):
    return str(form["region"])


def test_the_page_has_a_text_for_everybody(asking):
    html = region_field(asking.get_sign_form())
    assert html.startswith("<input")
    assert 'autocomplete="address-level1"' in html
    assert 'data-petition-regions="/petitions/regions/XX/en.json"' in html


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [
        ("US", "US-NY", "US-NY"),
        ("US", "new york", "US-NY"),
        ("US", "Brooklyn", "Brooklyn"),
        ("VA", "Borgo", "Borgo"),
        ("US", "", ""),
    ],
)
def test_what_is_stored(asking, form_data, country, typed, stored):
    form = asking.get_sign_form(form_data(country=country, region=typed))
    assert form.is_valid()
    assert form.personal_data["region"] == stored


@pytest.mark.parametrize("typed", ["US-NY", "new york"])
def test_a_form_with_errors_comes_back_with_the_list(asking, form_data, typed):
    html = region_field(asking.get_sign_form(form_data(given_name="", country="US", region=typed)))
    assert html.startswith("<select")
    assert re.findall(r"<option[^>]* selected>([^<]*)", html) == ["New York"]
    assert 'id="petition-region"' in html


def test_what_names_no_region_comes_back_as_typed(asking, form_data):
    html = region_field(
        asking.get_sign_form(form_data(given_name="", country="US", region="Brooklyn"))
    )
    assert html.startswith("<input")
    assert 'value="Brooklyn"' in html


def test_a_country_without_a_list(asking, form_data):
    form = asking.get_sign_form(form_data(given_name="", country="VA", region=""))
    assert region_field(form).startswith("<input")


def test_a_required_region(make_page, form_data):
    form = make_page(ask_region="required").get_sign_form(form_data(country="US", region=""))
    assert form.errors["region"] == ["Enter your state or region."]
    assert "required" in region_field(form)


def test_signers_of_all_languages_are_in_one_region(asking, form_data, make_signature):
    stored = set()
    for language, typed in [("en", "Tuscany"), ("it", "Toscana"), ("de", "IT-52")]:
        with translation.override(language):
            form = asking.get_sign_form(form_data(country="IT", region=typed))
            assert form.is_valid()
            stored.add(form.personal_data["region"])
    assert stored == {"IT-52"}
    with translation.override("de"):
        assert make_signature(region="IT-52").region_name == "Toskana"
