"""The petition page in a browser: movement, focus, and requests."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import expect

from tests.helpers import path_in
from wagtail_petition import ledger
from wagtail_petition.models import Signature

from .conftest import DESK, PHONE
from .petition import fields

POLICY = "default-src 'self'"
SMALL_DESK = {"width": 1280, "height": 700}


@pytest.fixture
def petition(make_page):
    """A page that uses everything."""
    return make_page(**fields())


@pytest.fixture
def visit(open_window):
    """Open a page as sites serve it that allow nothing inline and nothing from elsewhere."""

    def visit(page, size=DESK, **options):
        window = open_window(size, **options)

        def with_policy(route):
            response = route.fetch(max_redirects=0)
            headers = response.headers | {"content-security-policy": POLICY}
            route.fulfill(response=response, headers=headers)

        window.route(lambda url: "/static/" not in url, with_policy)
        window.goto(page.url)
        return window

    return visit


def fill_in(window, **changes):
    """Fill in what must be filled in."""
    filled = {
        "given_name": "Anna",
        "family_name": "Moretti",
        "email": "anna@example.org",
    } | changes
    for name, value in filled.items():
        window.locator(f"#petition-{name}").fill(value)
    window.locator("#petition-country").select_option("IT")
    # By keyboard: the form moves with the page, and a click goes to where the box was.
    window.locator("#petition-consent").press("Space")


def send(window):
    """Press the button as a person does: not within the first second."""
    if window.evaluate("window.matchMedia('(scripting: enabled)').matches"):
        window.evaluate("performance.now = () => 60000")
    window.get_by_role("button", name="Sign this petition").click()


def test_the_letter_is_from_who_is_typing(petition, visit):
    window = visit(petition)
    letter = window.get_by_role("region", name="The letter")
    expect(letter).to_contain_text("[Your name]")
    window.get_by_role("textbox", name="First name").fill("Anna")
    window.get_by_role("textbox", name="Last name").fill("O'Neill")
    expect(letter).to_contain_text("Anna O'Neill")
    window.get_by_role("textbox", name="First name").fill("")
    window.get_by_role("textbox", name="Last name").fill("")
    expect(letter).to_contain_text("[Your name]")


def test_errors_have_the_focus_and_lead_to_their_fields(petition, visit):
    window = visit(petition, PHONE)
    window.get_by_role("textbox", name="First name").fill("李小龍")
    send(window)
    summary = window.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("There is a problem")
    expect(window).to_have_title(re.compile("^Error: "))
    expect(window.get_by_role("textbox", name="First name")).to_have_value("李小龍")
    expect(window.get_by_role("region", name="The letter")).to_contain_text("李小龍")
    for link in summary.get_by_role("link").all():
        link.click()
        field = window.locator(":focus")
        words = link.inner_text()
        expect(field).to_have_accessible_description(re.compile(re.escape(words)))


@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_signing_by_keyboard(petition, visit, mailoutbox, size, scripted):
    window = visit(petition, size, java_script_enabled=scripted)
    press = window.keyboard.press

    def tab_to(locator):
        for _ in range(60):
            press("Tab")
            if locator.and_(window.locator(":focus")).count():
                return
        raise AssertionError(f"no way to {locator} by keyboard")

    tab_to(window.get_by_role("textbox", name="First name"))
    window.keyboard.type("Anna")
    press("Tab")
    window.keyboard.type("Moretti")
    press("Tab")
    window.keyboard.type("anna@example.org")
    press("Tab")
    window.keyboard.type("Italy")
    tab_to(window.get_by_label(re.compile("^I agree")))
    press("Space")
    tab_to(window.get_by_role("button", name="Sign this petition"))
    if scripted:
        window.evaluate("performance.now = () => 60000")
    press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    expect(window.locator(".petition-address")).to_have_text("anna@example.org")

    window.goto(path_in(mailoutbox[0], "confirm"))
    tab_to(window.get_by_role("button", name="Confirm my signature"))
    press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("You are number 1")

    window.goto(path_in(mailoutbox[1], "signature"))
    tab_to(window.get_by_text("Withdraw my signature"))
    press("Enter")
    tab_to(window.get_by_role("button", name="Withdraw and erase"))
    press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("Your signature has been withdrawn")
    assert Signature.objects.get().status == Signature.Status.WITHDRAWN


@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("size", [PHONE, SMALL_DESK], ids=["phone", "desk"])
def test_nothing_hides_what_has_the_focus(petition, visit, size, scripted):
    window = visit(petition, size, java_script_enabled=scripted)
    seen = 0
    for key in ["Tab"] * 35 + ["Shift+Tab"] * 35:
        window.keyboard.press(key)
        # Scrolling and what follows it are done in the next frame.
        window.screenshot(clip={"x": 0, "y": 0, "width": 1, "height": 1})
        focused = window.locator(":focus")
        if not focused.count():
            continue
        box = focused.bounding_box()
        assert box["y"] >= 0, focused
        assert box["y"] + box["height"] <= size["height"], focused
        seen += 1
    assert seen > 40


def test_the_form_stays_beside_the_letter(petition, visit):
    window = visit(petition, SMALL_DESK)
    card = window.locator(".petition-card")
    button = window.get_by_role("button", name="Sign this petition")
    letter = window.get_by_role("region", name="The letter")
    assert card.bounding_box()["x"] > letter.bounding_box()["x"] + letter.bounding_box()["width"]
    expect(button).not_to_be_in_viewport()
    window.mouse.move(100, 300)
    window.mouse.wheel(0, 1500)
    expect(button).to_be_in_viewport()
    expect(window.get_by_role("textbox", name="First name")).not_to_be_in_viewport()
    window.mouse.wheel(0, -900)
    expect(window.get_by_role("textbox", name="First name")).to_be_in_viewport()


def test_on_a_phone_the_form_comes_before_the_long_read(petition, visit):
    window = visit(petition, PHONE)
    order = [
        window.get_by_role("heading", level=1),
        window.get_by_text("Jane Doe").first,
        window.get_by_text("We ask for an end to it."),
        window.get_by_role("progressbar"),
        window.get_by_role("textbox", name="First name"),
        window.get_by_role("region", name="The letter"),
        window.get_by_role("heading", name="What happened"),
        window.get_by_role("heading", name="Background"),
        window.get_by_role("heading", name="Sponsored by"),
    ]
    places = [locator.bounding_box()["y"] for locator in order]
    assert places == sorted(places)
    assert window.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


SHIFTS = """
() => new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries().map((entry) => entry.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve([]), 300);
})
"""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_jumps(petition, visit, size):
    window = visit(petition, size)
    window.mouse.move(100, 300)
    window.mouse.wheel(0, 900)
    expect(window.get_by_role("heading", level=1)).not_to_be_in_viewport()
    assert window.evaluate(SHIFTS) == []


def test_no_cookie_and_nobody_else(petition, visit):
    window = visit(petition)
    asked = []
    window.on("request", lambda request: asked.append(request.url))
    window.reload()
    fill_in(window)
    send(window)
    expect(window.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    own = window.evaluate("location.origin")
    assert asked
    assert all(url.startswith(own) for url in asked)
    assert window.context.cookies() == []


def test_the_source_of_a_shared_link_is_kept(petition, visit):
    window = visit(petition)
    window.goto(f"{petition.url}?source=whatsapp")
    fill_in(window)
    send(window)
    expect(window.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    assert Signature.objects.get().source == "whatsapp"


def test_pressing_twice_signs_once(petition, visit):
    window = visit(petition)
    fill_in(window)
    window.evaluate("performance.now = () => 60000")
    window.get_by_role("button", name="Sign this petition").dblclick()
    expect(window.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    assert Signature.objects.count() == 1


def confirmed(page, number):
    for i in range(number):
        made = ledger.sign(page, email=f"a{i}@example.org", given_name="A", country="IT")
        ledger.confirm(made)


def test_the_count_is_refreshed_and_asked_for_less_often(petition, open_window):
    confirmed(petition, 2)
    window = open_window()
    window.clock.install()
    asked = []
    window.on("request", lambda request: asked.append(request.url))
    window.goto(petition.url)
    status = window.get_by_role("status")
    expect(status).to_have_text("2 people have signed.")
    confirmed(petition, 3)
    window.clock.run_for("00:25")
    expect(status).to_have_text("3 people have signed.")
    expect(window.get_by_role("progressbar")).to_have_js_property("value", 3)
    expect(window.get_by_role("progressbar")).to_have_accessible_name(
        "3 people have signed. Let’s get to 100."
    )

    def questions():
        return sum("count.json" in url for url in asked)

    assert questions() == 1
    # Nobody signs any more: the pauses grow.
    for pause in (20, 40, 80, 160):
        before = questions()
        window.clock.run_for((pause - 1) * 1000)
        assert questions() == before
        with window.expect_response("**/count.json"):
            window.clock.run_for(1000)


def test_weight():
    """One style sheet and one module, together at most 20 kB as they are sent."""
    files = [finders.find(f"wagtail_petition/petition.{kind}") for kind in ("css", "js")]
    assert sum(len(gzip.compress(Path(file).read_bytes())) for file in files) <= 20_000
