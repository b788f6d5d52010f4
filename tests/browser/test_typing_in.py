"""A paper sheet typed in by keyboard alone, as fast as one types."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from playwright.sync_api import expect

from wagtail_petition import ledger
from wagtail_petition.imports import typing_in
from wagtail_petition.models import Signature

from .conftest import DESK, PHONE

NAMES = [f"Anna{chr(97 + number)}" for number in range(20)]


@pytest.fixture
def sheet(page, make_signature):
    page.ask_city = "optional"
    page.save_revision().publish()
    make_signature(email="bea@example.org")
    return typing_in.open_sheet(
        ledger.ensure_petition(page), "RM-7", day=date(2026, 10, 4), country="IT"
    )


@pytest.fixture
def window(sheet, site, open_window, log_in):
    user = get_user_model().objects.create_superuser("typist", password="password")
    window = open_window(DESK)
    log_in(window, user)
    window.goto(reverse("petitions:sheet", args=[sheet.petition_id, sheet.pk]))
    return window


def note(window, line):
    return window.locator(f"#petition-note-{line}")


def test_twenty_names_a_duplicate_and_an_error(window, sheet):
    keyboard = window.keyboard
    # First name, last name, city, country, email, news.
    for line, name in enumerate(NAMES, 1):
        keyboard.type(name)
        keyboard.press("Tab")
        keyboard.type("Moretti")
        keyboard.press("Tab")
        keyboard.type("Bologna")
        if line == 5:
            keyboard.press("Tab")
            keyboard.press("Tab")
            keyboard.type("bea@example.org")
        if line == 9:
            keyboard.press("Tab")
            keyboard.type("Atlantis")
        if line == 12:
            # With Tab, past the country, the email and the box.
            for _field in range(4):
                keyboard.press("Tab")
        else:
            keyboard.press("Enter")
    # The 15 printed lines grow as one types.
    expect(note(window, 20)).to_have_text("Saved, no. 19")
    expect(note(window, 5)).to_contain_text("has signed already")
    expect(note(window, 9)).to_contain_text("“Atlantis” is no country that we know")
    expect(window.locator("[data-petition-count]")).to_have_text("18 signatures")
    # What could not be saved is still there, and is saved once it is mended.
    wrong = window.locator("[data-petition-line='9'] [data-name=country]")
    expect(wrong).to_have_value("Atlantis")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    wrong.focus()
    keyboard.press("ControlOrMeta+A")
    keyboard.type("Italy")
    keyboard.press("Enter")
    expect(note(window, 9)).to_have_text("Saved, no. 20")
    saved = Signature.objects.filter(batch=sheet).order_by("number")
    names = [name for name in NAMES if name not in ("Annae", "Annai")]
    assert list(saved.values_list("given_name", flat=True)) == [*names, "Annai"]


def test_the_same_name_and_place_is_ticked_and_undone(window, sheet):
    keyboard = window.keyboard
    for _line in range(2):
        keyboard.type("Anna")
        keyboard.press("Tab")
        keyboard.type("Moretti")
        keyboard.press("Tab")
        keyboard.type("Bologna")
        keyboard.press("Enter")
    expect(note(window, 2)).to_contain_text("Somebody with this name and place has signed.")
    window.get_by_label("Add anyway").locator("visible=true").focus()
    keyboard.press("Space")
    expect(note(window, 2)).to_have_text("Saved, no. 3")
    window.locator("[data-petition-line='2'] button").focus()
    keyboard.press("Enter")
    expect(note(window, 2)).to_have_text("Removed.")
    assert Signature.objects.filter(batch=sheet).count() == 1


def test_nothing_is_lost_without_a_connection(window, sheet):
    keyboard = window.keyboard
    window.evaluate(
        "() => { window.kept = fetch; window.fetch = () => Promise.reject(new TypeError()); }"
    )
    keyboard.type("Anna")
    keyboard.press("Enter")
    expect(note(window, 1)).to_contain_text("the site can’t be reached")
    expect(window.locator("[data-petition-line='1'] [data-name=given_name]")).to_have_value("Anna")
    window.evaluate("() => { window.fetch = window.kept; dispatchEvent(new Event('online')); }")
    expect(note(window, 1)).to_have_text("Saved, no. 2")


def test_on_a_phone_the_table_scrolls_and_the_page_does_not(window):
    window.set_viewport_size(PHONE)
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not window.evaluate(wider)
