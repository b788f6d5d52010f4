"""The manager's whole job by keyboard alone: from the login to the last message."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from playwright.sync_api import expect

from wagtail_petition import ledger
from wagtail_petition.models import OutgoingEmail, Signature

from .conftest import DESK
from .test_admin_accessibility import NARROW
from .test_editors_job import Keyboard

Status = Signature.Status
PEOPLE = [
    ("Łukasz", "Wałęsa", "lukasz@example.org", ""),
    ("Sofia", "D’Angelo", "sofia@libero.it", "For my children."),
    ("Anna", "Moretti", "anna@example.org", "Please."),
    *((f"Bot{n}", "Spam", f"bot{n}@spam.example", "") for n in "abc"),
]


@pytest.fixture
def signatures(page):
    """Confirmed signatures, one attempt whose email failed, and three made up."""
    for given, family, email, message in PEOPLE:
        made = ledger.sign(
            page, given_name=given, family_name=family, email=email, message=message, country="IT"
        )
        ledger.confirm(made)
    missed = ledger.sign(page, given_name="Bruno", email="bruno@example.org", country="IT")
    OutgoingEmail.objects.filter(signature=missed).update(state="failed", last_error="550")
    return {s.given_name: s for s in Signature.objects.all()}


@pytest.fixture
def manager(site, open_window):
    """Somebody of the groups that look after a petition."""
    call_command("create_petition_groups", verbosity=0)
    user = get_user_model().objects.create_user("manager", "manager@example.org", "password")
    user.groups.set(Group.objects.filter(name__in=["Petition editors", "Signature managers"]))
    return user


@pytest.mark.parametrize("size", [DESK, NARROW], ids=["wide", "narrow"])
def test_from_the_login_to_the_last_message(manager, page, signatures, open_window, size):
    window = open_window(size)
    keyboard = Keyboard(window)
    main = window.get_by_role("main")
    menu = window.get_by_role("list", name="Petitions")
    button, link = (
        lambda name, role=role, **more: window.get_by_role(role, name=name, **more)
        for role in ("button", "link")
    )

    def says(text):
        expect(
            window.locator(".messages, [data-w-messages-target=container]").first
        ).to_contain_text(text)

    def listed(*names):
        expect(main.locator("td.petition-title-cell bdi")).to_have_text(list(names))

    def status_of(name):
        signatures[name].refresh_from_db()
        return signatures[name].status

    window.goto("/admin/login/")
    keyboard.write(window.locator("[name=username]"), "manager")
    keyboard.write(window.locator("[name=password]"), "password")
    keyboard.press("Enter")
    expect(window).to_have_url(re.compile("/admin/$"))

    # How is it going? From the menu to the petition's figures.
    keyboard.activate(button("Petitions").first)
    keyboard.activate(menu.get_by_role("link", name="All petitions"))
    keyboard.activate(main.get_by_role("link", name=page.title).first)
    expect(window.get_by_role("heading", name="Growth")).to_be_visible()

    # Somebody whom the email did not reach gets it once more.
    keyboard.activate(main.get_by_role("link", name="Resend confirmation emails"))
    keyboard.activate(button("Resend 1 email"))
    says("1 email will be sent.")

    # Somebody asks to be erased: found as they write their name, without the letters it has.
    keyboard.activate(button("Petitions").first)
    keyboard.activate(menu.get_by_role("link", name="Signatures"))
    tabs = window.get_by_role("navigation", name="Status")
    expect(tabs.get_by_role("link", name="Confirmed 6")).to_have_attribute("aria-current", "page")
    expect(tabs.get_by_role("link", name="All 7")).to_be_visible()
    keyboard.write(window.get_by_role("textbox", name="Search term"), "walesa lukasz")
    listed("Łukasz Wałęsa")
    keyboard.activate(link("Łukasz Wałęsa"))
    keyboard.activate(main.get_by_role("link", name="Erase on request"))
    keyboard.activate(button("Yes, erase 1 signature"))
    says("Signature erased.")
    assert status_of("Łukasz") == Status.WITHDRAWN

    # What is made up is invalidated, and what was spam for sure erased for good.
    keyboard.activate(button("Petitions").first)
    keyboard.activate(menu.get_by_role("link", name="Signatures"))
    keyboard.write(window.get_by_role("textbox", name="Search term"), "@spam.example")
    listed("Botc Spam", "Botb Spam", "Bota Spam")
    everyone = window.get_by_role("checkbox", name="Select all")
    keyboard.go_to(everyone.first)
    keyboard.press("Space")
    keyboard.activate(link("Invalidate the selected signatures"))
    keyboard.write(window.locator("[name=reason]"), "Script")
    keyboard.activate(button("Yes, invalidate 3 signatures"))
    says("3 signatures invalidated.")
    assert status_of("Bota") == Status.INVALIDATED

    keyboard.activate(tabs.get_by_role("link", name="Invalidated"))
    listed("Botc Spam", "Botb Spam", "Bota Spam")
    keyboard.go_to(everyone.first)
    keyboard.press("Space")
    keyboard.activate(link("Erase the selected signatures"))
    keyboard.write(window.locator("[name=reason]"), "Script")
    keyboard.write(window.locator("[name=number]"), "3")
    keyboard.activate(button("Yes, erase 3 signatures"))
    says("3 signatures erased.")

    # Messages wait: the menu says so.
    keyboard.activate(button("Petitions").first)
    keyboard.activate(menu.get_by_role("link", name="Messages (2)"))
    expect(window.get_by_text("For my children.")).to_be_visible()
    keyboard.activate(button("Approve all 2 on this page"))
    says("2 messages approved.")
    expect(window.get_by_text("No messages to review.")).to_be_visible()
    assert not Signature.objects.filter(message_state="pending").exclude(message="").exists()
    assert keyboard.pressed <= 45
