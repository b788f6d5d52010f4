"""What we add to Wagtail's page editor, under axe: wide and narrow, light and dark, both directions."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from playwright.sync_api import expect
from wagtail.users.models import UserProfile

from .axe import violations
from .conftest import DESK
from .test_admin_accessibility import NARROW

pytestmark = pytest.mark.screens

TABS = {
    "content": ["[data-petition-checklist]", ".petition-paste-button"],
    "signing": ["[data-petition-default=organisation]", "[data-petition-default=consent_text]"],
    "after_signing": ["[data-petition-default=thanks_text]", "[data-controller~=w-clipboard]"],
}


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [(DESK, "light", "en"), (NARROW, "dark", "it"), (NARROW, "light", "en"), (DESK, "dark", "ar")],
    ids=["wide", "narrow and dark", "narrow", "right to left and dark"],
)
def test_axe_finds_nothing_in_our_parts_of_the_editor(
    make_page, open_window, log_in, size, theme, language
):
    page = make_page(body=[("timeline", {"events": [{}]}), ("links", {"links": [{}]})])
    user = get_user_model().objects.create_superuser("admin", "admin@example.org", "password")
    UserProfile.objects.create(user=user, preferred_language=language, theme=theme)
    window = open_window(size)
    log_in(window, user)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    found = []

    def check(selector):
        expect(window.locator(selector).first).to_be_visible()
        found.extend((selector, *violation) for violation in violations(window, selector))
        box = window.locator(selector).first.bounding_box()
        if box["x"] < 0 or box["x"] + box["width"] > size["width"]:
            found.append((selector, "sticks out", box))

    def open_tab(name):
        tab = window.locator(f"[role=tab][href='#tab-{name}']")
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")

    window.goto(address)
    # Wagtail's script answers from here on.
    expect(window.locator(".petition-paste-button").first).to_be_visible()
    for tab, selectors in TABS.items():
        open_tab(tab)
        for selector in selectors:
            check(selector)
    open_tab("content")
    if size == NARROW:
        tabs = window.locator(".w-tabs__wrapper").bounding_box()
        button = window.locator(".w-minimap__collapse-all").bounding_box()
        # Wagtail's button lies beside our tabs, not on them.
        if tabs["x"] + tabs["width"] > button["x"]:
            found.append(("tabs", "overlap the button", tabs, button))
    window.locator(".petition-paste-button").first.click()
    window.locator(".petition-dialog textarea").fill(
        "6 April 2018 – The policy is announced – At once – https://www.example.org/policy\n"
        "Heading\n2019 – " + "Long" * 60
    )
    expect(window.locator(".petition-paste-preview")).to_be_visible()
    check(".petition-dialog")
    assert not found, "\n".join(map(str, found))
