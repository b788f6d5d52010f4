"""The editor's whole job by keyboard alone: from the login to the published petition."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import expect

from wagtail_petition.models import PetitionPage

from .conftest import DESK
from .test_admin_accessibility import NARROW
from .test_pasting import SHEET, copy

MOST_TABS = 150
# Forward or back, as somebody who sees the page would go.
IS_BEFORE = """
element => {
  const here = document.activeElement;
  return here !== document.body && !(
    here.compareDocumentPosition(element) &
    (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY)
  );
}
"""


class Keyboard:
    """Somebody at a window with a keyboard and without a mouse."""

    def __init__(self, window):
        self.window = window
        self.pressed = 0

    def press(self, *keys):
        """Press keys that do something: all but Tab and the letters of a text."""
        for key in keys:
            self.window.keyboard.press(key)
            self.pressed += 1

    def go_to(self, target):
        """Press Tab until ``target`` has the focus."""
        expect(target).to_be_visible()
        key = "Shift+Tab" if target.evaluate(IS_BEFORE) else "Tab"
        for _tab in range(MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.window.keyboard.press(key)
        raise AssertionError(f"{key} leads nowhere near {target}")

    def activate(self, target):
        self.go_to(target)
        self.press("Enter")

    def write(self, target, text):
        """Enter ``text`` at once, so that nothing is saved or searched for in the middle of it."""
        self.go_to(target)
        self.window.keyboard.insert_text(text)


TOUCH_TITLE = """
title => {
    title.value += " ";
    title.dispatchEvent(new Event("input", { bubbles: true }));
    title.dispatchEvent(new Event("change", { bubbles: true }));
}
"""


def saved(window, *words):
    """Wait until Wagtail's autosave has stored ``words``.

    What changes while a save is on its way is stored with the next change only, which is a space
    after the title here.
    """
    content = ""
    for attempt in range(300):
        page = PetitionPage.objects.first()
        content = str(page.latest_revision.content) if page and page.latest_revision else ""
        if all(word in content for word in words):
            return
        if attempt % 50 == 49:
            window.locator("[name=title]").evaluate(TOUCH_TITLE)
        window.wait_for_timeout(100)
    raise AssertionError(f"not stored: {words} in {content}")


@pytest.fixture
def editor(site, open_window):
    """A user who can edit petitions, but see no signatures."""
    call_command("create_petition_groups", verbosity=0)
    user = get_user_model().objects.create_user("editor", "editor@example.org", "password")
    user.groups.add(Group.objects.get(name="Petition editors"))
    return user


@pytest.mark.parametrize("size", [DESK, NARROW], ids=["wide", "narrow"])
def test_from_the_login_to_the_published_petition(editor, home, open_window, size):
    window = open_window(size, permissions=["clipboard-read", "clipboard-write"])
    keyboard = Keyboard(window)
    button, link = (
        lambda name, role=role, **more: window.get_by_role(role, name=name, **more)
        for role in ("button", "link")
    )

    window.goto("/admin/login/")
    keyboard.write(window.locator("[name=username]"), "editor")
    keyboard.write(window.locator("[name=password]"), "password")
    keyboard.press("Enter")
    expect(window).to_have_url(re.compile("/admin/$"))

    # A new page, below the home page.
    keyboard.activate(button("Pages").first)
    keyboard.activate(link("Welcome").first)
    keyboard.activate(link("Add child page").first)
    keyboard.activate(link("Petition page", exact=True).first)

    panel = window.locator("[data-petition-checklist]")
    status = panel.get_by_role("status")
    expect(status).to_contain_text("left to do")
    keyboard.write(window.locator("[name=title]"), "Stop separating families")

    # Each line of the checklist leads to its field.
    keyboard.activate(panel.get_by_role("link", name="Write the letter."))
    letter = window.locator("#panel-child-content-letter-section [contenteditable=true]")
    expect(letter).to_be_focused()
    window.keyboard.type("We ask you to stop.")
    recipients = window.locator("#panel-child-content-recipients-section")
    keyboard.activate(panel.get_by_role("link", name="Add at least one"))
    expect(recipients.get_by_role("button", name="Insert a block")).to_be_focused()
    keyboard.press("Enter")
    keyboard.write(recipients.locator("[name$='-value-name']"), "Jane Doe")

    # A timeline, pasted from a spreadsheet.
    copy(window, "as text", SHEET)
    body = window.locator("#panel-child-content-body-section")
    keyboard.activate(body.get_by_role("button", name="Insert a block").last)
    choices = window.locator(".w-combobox")
    keyboard.write(choices.get_by_role("combobox"), "Timeline")
    expect(choices.get_by_role("option")).to_have_count(1)
    keyboard.press("ArrowDown", "Enter")
    keyboard.activate(button("Paste events"))
    dialog = window.get_by_role("dialog", name="Paste events")
    expect(dialog.get_by_label("Table or list")).to_be_focused()
    keyboard.press("Control+V")
    keyboard.activate(dialog.get_by_role("button", name="Add 3 events"))
    expect(dialog).to_have_count(0)
    saved(window, "Jane Doe", "A court is asked", "It is over")

    keyboard.activate(panel.get_by_role("link", name="Add the responsible organisation"))
    expect(window.locator("[name=organisation]")).to_be_focused()
    window.keyboard.insert_text("Citizens Abroad")
    saved(window, "Citizens Abroad")
    # What signers agree to follows from what was typed.
    consent = window.locator("[data-petition-default=consent_text]")
    expect(consent).to_contain_text("Citizens Abroad may collect my signature")
    keyboard.write(window.locator("[name=closes_at]"), "2040-12-31")
    window.keyboard.press("Tab")
    saved(window, "2040-12-31")
    expect(consent).to_contain_text("pass on my name and country to Jane Doe")

    keyboard.go_to(window.get_by_role("tab", name="Signing", exact=True))
    keyboard.press("ArrowLeft")
    expect(status).to_have_text("Ready to publish.")
    expect(panel).to_contain_text("Closes on Dec. 31, 2040, 11:59 pm (CET).")

    footer = window.get_by_role("navigation", name="Actions (footer)")
    keyboard.activate(footer.get_by_role("button", name="More actions"))
    publish = window.get_by_role("button", name="Publish", exact=True)
    keyboard.go_to(publish)
    with window.expect_navigation():
        keyboard.press("Enter")
    expect(window.get_by_role("status").first).to_contain_text("published")

    page = PetitionPage.objects.get()
    assert page.live
    window.goto(page.full_url)
    expect(window.get_by_role("heading", level=1)).to_have_text("Stop separating families")
    for words in ("The policy is announced", "A court is asked", "It is over"):
        expect(window.get_by_text(words)).to_be_visible()
    expect(window.get_by_role("button", name="Sign this petition")).to_be_visible()
    # About ninety in a form without checklist and pasting.
    assert keyboard.pressed <= 20
