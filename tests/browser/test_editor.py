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
