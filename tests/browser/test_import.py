"""An import by keyboard alone: from the login to the page of the import, each step under axe."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import expect

from tests.imports.files import ACTION_NETWORK
from wagtail_petition.models import ImportBatch

from .axe import violations
from .conftest import DESK
from .test_admin_accessibility import NARROW
from .test_editors_job import Keyboard

TWICE = ACTION_NETWORK.rstrip("\r\n").rpartition("\r\n")[2].replace("000002", "000003")
BROKEN = "x,Eve,Rossi,nobody,,,,,,,,\r\n"


@pytest.fixture
def manager(site, settings, tmp_path):
    """Somebody who looks after signatures."""
    settings.MEDIA_ROOT = tmp_path / "media"
    call_command("create_petition_groups", verbosity=0)
    user = get_user_model().objects.create_user("manager", "manager@example.org", "password")
    user.groups.set(Group.objects.filter(name__in=["Petition editors", "Signature managers"]))
    return user


@pytest.mark.parametrize("size", [DESK, NARROW], ids=["wide", "narrow"])
def test_from_the_login_to_the_import(manager, page, open_window, size):
    window = open_window(size)
    keyboard = Keyboard(window)
    main = window.get_by_role("main")

    def button(name):
        return main.get_by_role("button", name=name)

    def is_accessible():
        assert violations(window) == []
        is_wide = window.evaluate(
            "[document.documentElement, document.querySelector('main')]"
            ".some(each => each.scrollWidth > each.clientWidth + 1)"
        )
        assert not is_wide

    window.goto("/admin/login/")
    keyboard.write(window.locator("[name=username]"), "manager")
    keyboard.write(window.locator("[name=password]"), "password")
    keyboard.press("Enter")
    expect(window).to_have_url(re.compile("/admin/$"))

    keyboard.activate(window.get_by_role("button", name="Petitions").first)
    menu = window.get_by_role("list", name="Petitions")
    keyboard.activate(menu.get_by_role("link", name="Imports"))
    keyboard.activate(window.get_by_role("link", name="Add import").first)

    # The file. A broken one is refused here.
    def choose(content):
        file = main.get_by_label("File")
        keyboard.go_to(file)
        # The system's dialog is not part of the page.
        file.set_input_files(
            {"name": "report.csv", "mimeType": "text/csv", "buffer": content.encode()}
        )
        keyboard.activate(button("Next"))

    choose("first_name,last_name,email\r\n")
    expect(main.get_by_text("no rows below them")).to_be_visible()
    is_accessible()
    choose(ACTION_NETWORK + TWICE + "\r\n" + BROKEN)

    # Its columns.
    expect(window.get_by_role("heading", name="What was recognised")).to_be_visible()
    expect(main.get_by_label("Where the file is from")).to_have_value("action_network")
    is_accessible()
    state = main.get_by_label("US voting state")
    keyboard.go_to(state)
    window.keyboard.type("Source")
    expect(state).to_have_value("source")
    keyboard.activate(button("Next"))

    # The text, pasted.
    text = main.get_by_label("Text that these people signed")
    keyboard.go_to(text)
    window.keyboard.type("Another text")
    expect(main.get_by_label("Its title")).to_be_visible()
    keyboard.write(main.get_by_label("Its title"), "Ballots abroad")
    keyboard.write(main.get_by_label("Its letter"), "Send them.")
    keyboard.activate(button("Check"))
    expect(main.get_by_text("Say where these people agreed")).to_be_visible()
    is_accessible()
    keyboard.write(main.get_by_label("Where these people agreed"), "The box in their form")
    keyboard.activate(button("Check"))

    # The check, and one of its rows.
    expect(button("Import 2 signatures")).to_be_visible()
    is_accessible()
    keyboard.activate(main.get_by_role("link", name="Unreadable", exact=True))
    expect(main.get_by_role("columnheader", name="Reason")).to_be_visible()
    is_accessible()
    keyboard.activate(main.get_by_role("link", name="Back"))
    keyboard.activate(button("Import 2 signatures"))

    # The import, which goes on in the background.
    expect(window.get_by_role("heading", name="Results")).to_be_visible()
    expect(main.get_by_role("row", name="New 2")).to_be_visible()
    is_accessible()
    keyboard.activate(main.get_by_role("link", name="Notify signers"))
    expect(button("Yes, send 2 emails")).to_be_visible()
    is_accessible()
    window.go_back()
    keyboard.activate(main.get_by_role("link", name="Revert"))
    expect(button("Yes, revert")).to_be_visible()
    is_accessible()
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.count, batch.signed_text.title) == ("done", 2, "Ballots abroad")
