"""The main job from end to end: an editor publishes, a person signs, an administrator exports."""

import csv
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from playwright.sync_api import expect
from wagtail.models import GroupPagePermission

from tests.helpers import path_in
from wagtail_petition import ledger
from wagtail_petition.models import Petition, PetitionPage

from .conftest import PHONE


@pytest.fixture
def make_user(home):
    """Create a user with these permissions on pages and on signatures."""

    def make_user(name, pages=(), signatures=()):
        group = Group.objects.create(name=name)
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for codename in pages:
            permission = Permission.objects.get(
                content_type__app_label="wagtailcore", codename=codename
            )
            GroupPagePermission.objects.create(group=group, page=home, permission=permission)
        group.permissions.add(*Permission.objects.filter(codename__in=signatures))
        user = get_user_model().objects.create_user(name, f"{name}@example.org", "password")
        user.groups.add(group)
        return user

    return make_user


@pytest.fixture
def editor(make_user):
    return make_user("editor", pages=["add_page", "change_page", "publish_page"])


@pytest.fixture
def administrator(make_user):
    return make_user(
        "administrator", pages=["change_page"], signatures=["view_signature", "export_signature"]
    )


def test_from_the_editor_to_the_file(
    open_window, log_in, home, editor, administrator, mailoutbox, settings
):
    # Wagtail refuses to save a page that isn't complete, which a window takes for a fault.
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    desk = open_window()
    log_in(desk, editor)
    publish_a_petition(desk, home)

    page = PetitionPage.objects.get()
    assert page.live
    # Somebody was quicker.
    ledger.confirm(ledger.sign(page, email="ada@example.org", given_name="Ada", country="US"))
    mailoutbox.clear()

    phone = open_window(PHONE)
    sign(phone, page)
    assert [mail.to for mail in mailoutbox] == [["anna@example.org"]]
    confirm(phone, page, path_in(mailoutbox[0], "confirm"))

    desk = open_window()
    log_in(desk, administrator)
    assert signatures_in_list(desk) == 2
    assert [row["First name"] for row in download(desk)] == ["Ada", "Anna"]


def publish_a_petition(window, home):
    """An editor writes a petition, and publishes it."""
    window.goto(f"/admin/pages/add/wagtail_petition/petitionpage/{home.pk}/")
    title = window.get_by_placeholder("Page title*")
    title.press_sequentially("Stop separating families")
    title.press("Tab")
    expect(window.locator("[name=slug]")).to_have_value("stop-separating-families")
    recipients = window.locator("#panel-child-content-recipients-section")
    recipients.get_by_role("button", name="Insert a block").click()
    recipients.get_by_label("Name").fill("Jane Doe")
    recipients.get_by_label("Position or organisation").fill("Attorney General")
    letter = window.locator("#panel-child-content-letter-section")
    letter.get_by_role("textbox").fill("We ask you to stop separating children from their parents.")
    # The editor hands its text over a moment after it was typed.
    expect(letter.locator("[name=letter]")).to_have_value(re.compile("from their parents"))
    window.get_by_role("button", name="More actions").click()
    window.get_by_role("button", name="Publish").click()
    expect(window.get_by_text("created and published")).to_be_visible()


def sign(window, page):
    """A person reads the petition and fills in the form."""
    window.clock.install()
    window.goto(page.url)
    expect(window.get_by_role("heading", level=1)).to_have_text("Stop separating families")
    assert window.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    window.get_by_role("textbox", name="First name").fill("Anna")
    window.get_by_role("textbox", name="Last name").fill("Moretti")
    window.get_by_role("textbox", name="Email").fill("anna@example.org")
    window.get_by_label("Country where you live").select_option(label="Italy")
    expect(window.get_by_text("Anna Moretti")).to_be_visible()
    window.get_by_label("I agree that").press("Space")
    # Faster than a person would be a program.
    window.clock.fast_forward("00:30")
    window.get_by_role("button", name="Sign this petition").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    expect(window.get_by_text("anna@example.org").first).to_be_visible()


def confirm(window, page, link):
    """The person opens the link in the mail, which counts nothing yet, and presses the button."""
    window.goto(link)
    assert Petition.objects.get().signature_count == 1
    expect(window.get_by_text("We ask you to stop separating children")).to_be_visible()
    window.get_by_role("button", name="Confirm my signature").click()
    expect(window.get_by_role("heading", level=1)).to_contain_text("2")
    assert Petition.objects.get().signature_count == 2
    window.goto(page.url)
    expect(window.locator("#petition-form")).to_contain_text(re.compile(r"2\s+people have signed"))
    assert window.context.cookies() == []


def signatures_in_list(window):
    """How many signatures an administrator finds under Petitions, Signatures."""
    window.goto("/admin/")
    window.get_by_role("button", name="Petitions").click()
    window.get_by_role("link", name="Signatures").click()
    expect(window.get_by_text("Anna Moretti")).to_be_visible()
    tabs = window.get_by_role("navigation", name="Status")
    expect(tabs.get_by_role("link", name=re.compile(r"^All \d+$"))).to_be_visible()
    return int(tabs.get_by_role("link", name="All").inner_text().split()[-1])


def download(window):
    """The rows of the CSV that an administrator downloads from there."""
    window.locator("header").get_by_role("button", name="Actions").click()
    window.get_by_role("link", name="Export…").click()
    window.get_by_label("CSV", exact=True).check()
    with window.expect_download() as downloading:
        window.get_by_role("button", name="Download").click()
    with open(downloading.value.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
