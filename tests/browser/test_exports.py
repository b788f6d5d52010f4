"""A large export from asking to the file, as its administrator sees it."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from wagtail_petition import jobs
from wagtail_petition.exports import export

EXPORT = "/admin/petition_signatures/export/"


@pytest.fixture
def many(make_signature, settings, tmp_path, monkeypatch):
    """More signatures than a request exports, and a worker that runs when it is called."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
    monkeypatch.setattr(export, "AT_ONCE", 2)
    for name in ("Anna", "José", "Zoe"):
        make_signature(given_name=name, email=f"{name}@example.org")


def test_from_asking_to_the_file(many, open_window, log_in):
    user = get_user_model().objects.create_superuser("admin", "admin@example.org", "password")
    window = open_window()
    log_in(window, user)
    window.goto(EXPORT)
    window.get_by_label("ODS").check()
    window.get_by_role("button", name="Start export").click()
    expect(window.get_by_role("progressbar")).to_have_accessible_name("0 of 3 signatures")
    stop = window.get_by_role("button", name="Stop")
    stop.focus()
    jobs.work_off()
    # The page finds out by itself, and says so in its title.
    expect(window).to_have_title("Your export is ready - Wagtail")
    expect(stop).to_have_count(0)
    with window.expect_download() as download:
        window.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".ods")
    window.goto(EXPORT)
    expect(window.get_by_role("link", name="ODS,")).to_be_visible()


def test_columns_are_put_in_order_by_keyboard(make_signature, open_window, log_in):
    make_signature(given_name="Anna", email="anna@example.org")
    user = get_user_model().objects.create_superuser("admin", "admin@example.org", "password")
    window = open_window()
    log_in(window, user)
    window.goto(EXPORT)
    button = window.get_by_role("button", name="None", exact=True)
    button.focus()
    button.press("Enter")
    for name in ("Number", "First name", "Email"):
        window.get_by_role("checkbox", name=name, exact=True).press("Space")
    up = window.get_by_role("button", name="Move up: First name")
    for _time in range(3):
        up.press("Enter")
        expect(up).to_be_focused()
    window.get_by_label("CSV", exact=True).check()
    with window.expect_download() as download:
        window.get_by_role("button", name="Download").press("Enter")
    with open(download.value.path(), encoding="utf-8-sig") as file:
        assert file.readline().strip() == "First name,Number,Email"
    window.goto(EXPORT)
    expect(window.get_by_role("checkbox", name="Email", exact=True)).to_be_checked()


def test_files_for_other_tools_have_their_own_fields(make_signature, open_window, log_in):
    make_signature(email="anna@example.org", wants_news=True)
    user = get_user_model().objects.create_superuser("admin", "admin@example.org", "password")
    window = open_window()
    log_in(window, user)
    window.goto(EXPORT)
    everyone = window.get_by_label("Include people who did not opt in to updates")
    first_name = window.get_by_role("checkbox", name="First name", exact=True)
    expect(everyone).to_be_hidden()
    expect(first_name).to_be_visible()
    window.get_by_label("Mailchimp (CSV)").check()
    expect(everyone).to_be_visible()
    expect(first_name).to_be_hidden()
    expect(window.get_by_text("1 signature could be handed to another tool")).to_be_visible()
    with window.expect_download() as download:
        window.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename.startswith("signatures-mailchimp-")
