"""Where people vote: the group of fields, with and without a script."""

import os

import pytest
from playwright.sync_api import expect
from wagtail.models import Locale

from wagtail_petition.models import PetitionPage, Signature

from .axe import violations
from .conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)

ALL = {f"ask_home_{name}": "optional" for name in ("tie", "region", "district", "place")}


@pytest.fixture
def voters(site, make_page):
    return make_page(home_country="US", show_home=True, ask_city="optional", **ALL)


def keep(window, name):
    """Keep a picture in the folder ``HOME_PICTURES``, to look at."""
    if folder := os.environ.get("HOME_PICTURES"):
        window.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_only_the_chosen_states_districts_are_shown(open_window, voters):
    window = open_window()
    window.goto(voters.full_url)
    district = window.locator("[name=home_district]")
    assert district.locator("optgroup").count() == 56
    window.locator("[name=home_region]").select_option("US-NH")
    expect(district.locator("option")).to_have_text(["Choose a district", "NH-1", "NH-2"])
    window.locator("[name=home_region]").select_option("US-AK")
    expect(district).to_have_value("US-AK 00")
    window.locator("[name=home_region]").select_option("")
    expect(district.locator("optgroup")).to_have_count(56)


def test_the_letter_says_where_the_signer_votes(open_window, voters):
    window = open_window()
    window.goto(voters.full_url)
    window.locator("[name=given_name]").fill("Mary")
    window.locator("[name=family_name]").fill("O’Neill")
    window.locator("[name=city]").fill("Rome")
    signer = window.locator("[data-petition-signer]")
    expect(signer).to_have_text("Mary O’Neill, Rome")
    window.get_by_label("I vote there").check()
    expect(signer).to_have_text("Mary O’Neill, Rome · voter in United States of America")
    window.locator("[name=home_region]").select_option("US-NY")
    expect(signer).to_have_text("Mary O’Neill, Rome · voter in New York")
    keep(window, "desk")
    window.get_by_label("I’m not a citizen").check()
    expect(signer).to_have_text("Mary O’Neill, Rome")


@pytest.fixture
def residents(site, make_page):
    return make_page(ask_city="optional", ask_region="optional")


def test_the_region_is_a_list_where_it_is_known(open_window, residents):
    window = open_window()
    window.goto(residents.full_url)
    region, country = window.locator("[name=region]"), window.locator("[name=country]")
    before = region.bounding_box()
    country.select_option("US")
    expect(window.locator("select[name=region] option")).to_have_count(57)
    assert region.bounding_box() == before
    window.get_by_label("State or region (optional)").select_option("New York")
    expect(region).to_have_value("US-NY")
    # Another country has other regions, and some have none.
    country.select_option("IT")
    expect(window.locator("select[name=region] option")).to_have_count(21)
    expect(region).to_have_value("")
    country.select_option("VA")
    expect(window.locator("input[name=region]")).to_be_visible()
    assert region.bounding_box() == before
    assert violations(window) == []


def test_the_region_is_remembered_on_errors(open_window, residents):
    window = open_window()
    window.goto(residents.full_url)
    window.locator("[name=country]").select_option("US")
    window.locator("select[name=region]").select_option("US-NY")
    window.get_by_role("button", name="Sign this petition").click()
    expect(window.locator("[data-petition-errors]")).to_be_visible()
    expect(window.locator("select[name=region]")).to_have_value("US-NY")
    window.locator("[name=country]").select_option("IT")
    expect(window.locator("select[name=region] option")).to_have_count(21)


def test_the_region_is_typed_where_the_list_does_not_come(open_window, residents):
    window = open_window()
    # As if the server were busy, without an error that browsers report.
    window.route("**/regions/**", lambda route: route.fulfill(body="busy"))
    window.goto(residents.full_url)
    window.locator("[name=region]").fill("new york")
    with window.expect_response("**/regions/**"):
        window.locator("[name=country]").select_option("US")
    window.get_by_role("button", name="Sign this petition").click()
    # The server has read it.
    expect(window.locator("select[name=region]")).to_have_value("US-NY")


def test_without_a_script(open_window, voters):
    window = open_window(PHONE, java_script_enabled=False)
    window.goto(voters.full_url)
    window.locator("[name=given_name]").fill("Mary")
    window.locator("[name=family_name]").fill("O’Neill")
    window.locator("[name=email]").fill("mary@example.org")
    window.locator("[name=country]").select_option("IT")
    window.locator("[name=home_district]").select_option("US-NY 12")
    window.locator("[name=consent]").check()
    window.get_by_role("button", name="Sign this petition").click()
    expect(window.get_by_role("heading", level=1)).to_contain_text("inbox")
    signature = Signature.objects.get()
    assert (signature.home_region, signature.home_district) == ("US-NY", "12")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_accessible_on_a_phone(open_window, voters, language):
    page = voters
    if language == "ar":
        arabic, _made = Locale.objects.get_or_create(language_code="ar")
        made = voters.copy_for_translation(arabic, copy_parents=True)
        made.save_revision().publish()
        page = PetitionPage.objects.get(pk=made.pk)
    window = open_window(PHONE)
    window.goto(page.full_url)
    assert violations(window, ".petition-form") == []
    assert window.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    keep(window, f"phone-{language}")
    window.locator(".petition-home").scroll_into_view_if_needed()
    if os.environ.get("HOME_PICTURES"):
        window.locator(".petition-home").screenshot(
            path=f"{os.environ['HOME_PICTURES']}/fieldset-{language}.png"
        )
