"""The editor of a petition page, as an editor uses it."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from playwright.sync_api import expect


@pytest.fixture
def closing_date(page, open_window, log_in):
    """The field for the closing date in the page's editor: (window, field)."""
    user = get_user_model().objects.create_superuser("admin", "admin@example.org", "password")
    window = open_window()
    log_in(window, user)
    window.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]) + "#tab-signing")
    field = window.locator("[name=closes_at]")
    expect(field).to_be_visible()
    return window, field


def save(window, page):
    """Save a draft; what it says about closing."""
    with window.expect_navigation():
        window.get_by_role("button", name="Save draft").click()
    page.refresh_from_db()
    return page.get_latest_revision_as_object().closes_at


def test_a_typed_day_includes_that_day(closing_date, page):
    window, field = closing_date
    field.fill("2030-12-31")
    field.press("Tab")
    expect(field).to_have_value("2030-12-31")
    assert save(window, page) == datetime(2030, 12, 31, 22, 59, tzinfo=UTC)


def test_a_picked_day_includes_that_day(closing_date, page):
    window, field = closing_date
    field.click()
    picker = window.locator(".xdsoft_datetimepicker:visible")
    picker.locator(".xdsoft_next").first.click()
    picker.locator("td[data-date='15']:not(.xdsoft_other_month)").click()
    assert field.input_value().endswith("-15 23:59")


@pytest.fixture
def open_editor(open_window, log_in):
    """Open an address of the editor, and wait until Wagtail looks for changes: they are saved
    in the background from then on."""

    def open_editor(address):
        user = get_user_model().objects.create_superuser("admin", "admin@example.org", "password")
        window = open_window()
        log_in(window, user)
        window.add_init_script(
            "document.addEventListener('w-unsaved:watch-edits', "
            "() => document.documentElement.setAttribute('data-watched', ''))"
        )
        window.goto(address)
        expect(window.locator("html[data-watched]")).to_have_count(1)
        return window

    return open_editor


def test_the_checklist_follows_what_is_saved_in_the_background(make_page, open_editor):
    page = make_page(organisation="Citizens Abroad", letter="<p></p>")
    window = open_editor(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    checks = window.locator("[data-petition-checklist]")
    expect(checks.get_by_role("status")).to_have_text("1 item left to do.")
    expect(checks).to_contain_text("Write the letter.")
    letter = window.locator("#panel-child-content-letter-section [contenteditable=true]")
    letter.click()
    window.keyboard.type("We ask you to act.")
    expect(checks.get_by_role("status")).to_have_text("Ready to publish, with 1 suggestion.")
    expect(checks).to_contain_text("Letter added.")
    expect(checks).not_to_contain_text("Write the letter.")


def test_the_checklist_of_a_page_that_is_being_made(home, open_editor):
    address = reverse("wagtailadmin_pages:add", args=["wagtail_petition", "petitionpage", home.pk])
    window = open_editor(address)
    checks = window.locator("[data-petition-checklist]")
    before = checks.get_by_role("status").text_content()
    expect(checks).to_contain_text("Write the letter.")
    window.locator("[name=title]").fill("Stop separating families")
    window.locator("#panel-child-content-letter-section [contenteditable=true]").click()
    window.keyboard.type("We ask you to act.")
    expect(checks).to_contain_text("Letter added.")
    expect(checks.get_by_role("status")).not_to_have_text(before)


def test_a_line_of_the_checklist_leads_to_its_field(make_page, open_editor):
    page = make_page(organisation="Citizens Abroad", letter="<p></p>")
    window = open_editor(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    checks = window.locator("[data-petition-checklist]")
    checks.get_by_role("link", name="Set a closing date").press("Enter")
    # On another tab.
    expect(window.locator("[name=closes_at]")).to_be_focused()
    window.get_by_role("tab", name="Content").click()
    checks.get_by_role("link", name="Write the letter.").press("Enter")
    expect(
        window.locator("#panel-child-content-letter-section [contenteditable=true]")
    ).to_be_focused()
    expect(checks.get_by_role("link", name="Letter added.")).to_be_hidden()


def test_it_says_when_all_is_done(make_page, open_editor):
    page = make_page(
        organisation="Citizens Abroad", closes_at=datetime(2040, 12, 31, 12, tzinfo=UTC)
    )
    window = open_editor(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    checks = window.locator("[data-petition-checklist]")
    expect(checks.get_by_role("status")).to_have_text("Ready to publish.")
    expect(checks.get_by_role("status")).to_be_visible()
    checks.get_by_text("7 items done").click()
    expect(checks.get_by_role("link", name="Closes on Dec. 31, 2040")).to_be_visible()
