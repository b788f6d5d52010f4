"""People aren't taken for robots: with slow scripts, pauses, going back or retries."""

import re

import pytest
from playwright.sync_api import expect

from wagtail_petition.models import Signature
from wagtail_petition.signing import altcha

from .test_page import fill_in

SIGN = "Sign this petition"


@pytest.fixture
def window(page, open_window):
    """A window on the petition's page."""
    window = open_window()
    window.goto(page.url)
    return window


def press(window, name=SIGN):
    window.get_by_role("button", name=name).click()


def heading(window):
    return expect(window.get_by_role("heading", level=1))


def at(window, milliseconds):
    """Set the time since the browser requested the page."""
    window.evaluate(f"performance.now = () => {milliseconds}")


def test_a_script_that_comes_late_makes_nobody_quick(page, open_window):
    window = open_window()
    held = []
    window.route("**/petition.js", lambda route: held.append(route))
    window.goto(page.url, wait_until="commit")
    fill_in(window)
    window.wait_for_function("performance.now() > 1500")
    held[0].continue_()
    # It has run once it says who signs.
    expect(window.get_by_role("region", name="The letter")).to_contain_text("Anna Moretti")
    press(window)
    heading(window).to_have_text("Check your inbox")
    assert Signature.objects.count() == 1


def test_offline_while_signing_and_back(window):
    fill_in(window)
    at(window, 60_000)
    window.context.set_offline(True)
    press(window)
    window.wait_for_url("chrome-error://**")
    window.context.set_offline(False)
    window.go_back()
    # The browser has kept what was typed; who comes back is quick.
    expect(window.get_by_role("textbox", name="First name")).to_have_value("Anna")
    press(window)
    heading(window).to_have_text("Check your inbox")


def test_back_and_signed_at_once_for_somebody_else(window):
    fill_in(window)
    at(window, 60_000)
    press(window)
    heading(window).to_have_text("Check your inbox")
    window.go_back()
    # Everything else is still filled in, the box is ticked.
    window.locator("#petition-email").fill("bruno@example.org")
    press(window)
    heading(window).to_have_text("Check your inbox")
    assert Signature.objects.count() == 2


def test_who_is_too_quick_presses_one_more_button(window, mailoutbox):
    fill_in(window)
    at(window, 900)
    press(window)
    heading(window).to_have_text("One more step")
    expect(window.get_by_text("Anna Moretti")).to_be_visible()
    assert mailoutbox == []
    press(window, "Yes, sign")
    heading(window).to_have_text("Check your inbox")
    assert len(mailoutbox) == 1


def test_the_button_works_again_after_stop(page, window):
    fill_in(window)
    # As the browser ends a request whose answer somebody does not want to wait for.
    window.route(f"**{page.sign_url}", lambda route: route.abort("aborted"))
    at(window, 60_000)
    with window.expect_event("requestfailed"):
        # Not as Playwright presses it, which waits for the next page.
        window.get_by_role("button", name=SIGN).evaluate("button => button.click()")
    window.unroute(f"**{page.sign_url}")
    at(window, 64_000)
    press(window)
    heading(window).to_have_text("Check your inbox")
    assert Signature.objects.count() == 1


def test_back_to_the_page_with_errors(window):
    """The browser shows it as it was, and does not ask whether to send the form once more."""
    fill_in(window)
    window.get_by_label(re.compile("^I agree")).uncheck()
    at(window, 60_000)
    press(window)
    expect(window.get_by_role("alert")).to_contain_text("There is a problem")
    window.get_by_label(re.compile("^I agree")).check()
    press(window)
    heading(window).to_have_text("Check your inbox")
    window.go_back()
    expect(window.get_by_role("alert")).to_contain_text("There is a problem")
    expect(window.get_by_role("textbox", name="First name")).to_have_value("Anna")
    assert Signature.objects.count() == 1


def test_a_proof_of_work_for_each_email(page, open_window, settings, monkeypatch, mailoutbox):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "ALTCHA": True}
    # The rules are the same with less work.
    monkeypatch.setattr(altcha, "COST", 10)
    window = open_window()
    window.goto(page.url)
    fill_in(window)
    at(window, 900)
    press(window)
    heading(window).to_have_text("One more step")
    press(window, "Yes, sign")
    heading(window).to_have_text("Check your inbox")
    window.get_by_text("Use another address").click()
    window.locator("#petition-email").fill("other@example.org")
    at(window, 60_000)
    press(window, "Send it to this address")
    expect(window.locator(".petition-address")).to_have_text("other@example.org")
    press(window, "Send it again")
    expect(window.get_by_role("status")).to_have_text("We’re sending the email again.")
    # On the way back a proof that was spent is not sent once more.
    while not window.url.endswith(page.url):
        window.go_back()
    press(window)
    heading(window).to_have_text("Check your inbox")
    assert [mail.to for mail in mailoutbox] == [
        ["anna@example.org"],
        ["other@example.org"],
        ["other@example.org"],
        ["anna@example.org"],
    ]
