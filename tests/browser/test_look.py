"""A petition's appearance on sites whose style sheets have rules for plain elements."""

import mimetypes
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.helpers import path_in
from wagtail_petition import ledger
from wagtail_petition.ledger import tokens
from wagtail_petition.models import Delivery, Token

from .conftest import DESK, PATIENCE, PHONE
from .petition import fields, update_body

pytestmark = pytest.mark.screens

HERE = Path(__file__).parent
MEASURE = (HERE / "measure.js").read_text()
SITE = "http://testserver"
SIGNED = {"given_name": "Anna", "family_name": "Moretti", "country": "IT", "consent": "on"}
STATES = [":visited", ":hover", ":focus", ":active"]

# Blocks of a site's own: in the classes of its framework, or plain within one.
FOREIGN = '<section class="teaser"><p>Join us</p><ul><li>Now</li></ul></section>'
BUTTON = '<a class="btn" href="/join/">Join</a>'
DOCUMENT = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style id="base"></style></head><body><main class="content">{}</main></body></html>"""


def base(name, state=""):
    """The style sheet of a site. With ``state`` everything is in it, as if under a mouse.

    What stands for a state weighs as much as the state does.
    """
    css = (HERE / "bases" / f"{name}.css").read_text()
    return css.replace(f"{state} ", ":not(.never) ") if state else css


@pytest.fixture
def shown(make_page, make_update, client, mailoutbox):
    """The HTML of each page and state that people can meet: {name: HTML}."""
    client.defaults["HTTP_ORIGIN"] = SITE
    now = timezone.now()
    page = make_page(**fields())
    found = {}

    def keep(name, response):
        html = response if isinstance(response, str) else response.content.decode()
        assert "petition" in html, name
        found[name] = html
        return html

    def change(**changes):
        for name, value in changes.items():
            setattr(page, name, value)
        page.save_revision().publish()
        page.refresh_from_db()

    def get(name, path):
        return keep(name, client.get(path))

    def post(name, path, **data):
        return keep(name, client.post(path, data, follow=True))

    def of_petition(name):
        return reverse(f"wagtail_petition:{name}", args=[page.petition_key])

    def link(number, purpose=Token.Purpose.CONFIRM, confirm=False):
        made = ledger.sign(
            page,
            email=f"anna{number}@example.org",
            given_name="Anna",
            family_name="Moretti" * 14,
            country="IT",
            message="Please.",
            show_name=True,
        )
        if confirm:
            ledger.confirm(made)
        return reverse(f"wagtail_petition:{purpose}", args=[tokens.issue(made, purpose)[purpose]])

    get("first", page.url)
    change(opens_at=now + timedelta(days=5))
    get("upcoming", page.url)
    change(opens_at=None)
    post("errors", page.sign_url, given_name="Anna")
    post("one more step", page.sign_url, **SIGNED, email="anna@example.org", elapsed="900")
    post("sent", page.sign_url, **SIGNED, email="anna@gmial.com", elapsed="60000")
    confirm = path_in(mailoutbox[-1], "confirm")
    get("confirm", confirm)
    post("signed", confirm)
    for step in ("signature", "unsubscribe"):
        get(step, path_in(mailoutbox[-1], step))
    signature, stop = (path_in(mailoutbox[-1], step) for step in ("signature", "unsubscribe"))
    post("unsubscribed", stop)
    first, second = link(1), link(1)
    late = link(2)
    client.post(first)
    post("already signed", second)
    link(3, confirm=True)
    for _number in range(5):
        update = make_update(page, introduction="At last.", body=update_body())
    get("open", page.url)
    get("update", update.url)
    get("updates", of_petition("updates"))
    get("lost link", of_petition("lost_link"))
    post("lost link, wrong", of_petition("lost_link"), email="nonsense")
    get("signers", of_petition("signatures"))
    get("embed", of_petition("embed"))
    get("paper", of_petition("paper"))
    get("dead link", reverse("wagtail_petition:confirm", args=["nonsense/"]).rstrip("/") + "/")
    keep(
        "foreign origin", client.post(page.sign_url, {}, headers={"origin": "http://evil.example"})
    )
    request = RequestFactory().post("/")
    keep("unavailable", render_to_string("wagtail_petition/unavailable.html", {}, request))
    post("withdrawn", signature, withdraw="1")
    Delivery.objects.create(
        petition=page.petition,
        recipient="Jane Doe",
        language="en",
        columns=["number"],
        formats=["csv"],
        last_number=2,
        count=2,
        state=Delivery.State.DELIVERED,
        delivered_on=now.date(),
    )
    get("delivered", page.url)
    change(closes_at=now - timedelta(days=5))
    get("closed", page.url)
    get("too late", late)
    page.unpublish()
    get("gone", late)
    return found


@pytest.fixture
def window(chromium):
    """A window in which nothing comes from a server: pages are given, files are read."""
    context = chromium.new_context(viewport=DESK)
    context.set_default_timeout(PATIENCE)

    def answer(route):
        path = route.request.url.removeprefix(f"{SITE}/static/").partition("?")[0]
        file = finders.find(path)
        if file:
            kind = mimetypes.guess_type(path)[0]
            route.fulfill(body=Path(file).read_bytes(), content_type=kind)
        else:
            route.fulfill(status=404)

    context.route("**", answer)
    window = context.new_page()
    yield window
    context.close()


def put_up(window, html):
    """Show this document, with everything unfolded."""
    window.unroute(f"{SITE}/")
    window.route(f"{SITE}/", lambda route: route.fulfill(body=html, content_type="text/html"))
    window.goto(f"{SITE}/")
    window.evaluate("document.querySelectorAll('details').forEach((el) => (el.open = true))")


def framed(html):
    """The content of a page within the frame of another site."""
    return DOCUMENT.format(html.partition("<body>")[2].rpartition("</body>")[0])


def dress(window, css, theme="light"):
    """Put a site's style sheet on the page."""
    window.evaluate(
        """([css, theme]) => {
          document.querySelector("#base").textContent = css;
          document.documentElement.dataset.theme = theme;
        }""",
        [css, theme],
    )


# Documents of their own, to which no site adds a style.
ALONE = {"embed", "paper", "unavailable"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["bare", "framework", "hostile"])
def test_no_site_spoils_a_page(shown, window, name):
    wrong = {}

    def look(page, *circumstances):
        if found := window.evaluate(MEASURE):
            wrong[page, *circumstances] = found

    for page in shown.keys() - ALONE:
        window.set_viewport_size(DESK)
        put_up(window, framed(shown[page]))
        states = [""] if name == "bare" else ["", *STATES]
        for theme in ("light", "dark"):
            for state in states:
                dress(window, base(name, state), theme)
                look(page, theme, state)
        window.set_viewport_size(PHONE)
        dress(window, base(name))
        look(page, "phone")
    assert wrong == {}


@pytest.mark.django_db
def test_what_stands_alone_looks_right(shown, window):
    wrong = {}
    for page in ALONE:
        put_up(window, shown[page])
        for size in (DESK, PHONE):
            window.set_viewport_size(size)
            for scheme in ("light", "dark"):
                window.emulate_media(color_scheme=scheme)
                if found := window.evaluate(MEASURE):
                    wrong[page, size["width"], scheme] = found
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["framework", "hostile"])
def test_blocks_of_the_site_look_as_on_its_other_pages(make_page, client, window, name):
    html = client.get(make_page(**fields()).url).text
    blocks = FOREIGN + BUTTON
    within = html.replace('<div class="petition-read">', f'<div class="petition-read">{blocks}')
    put_up(window, framed(f"<body>{within.partition('<body>')[2]}".replace("</main>", "")))
    window.evaluate(
        "(html) => document.querySelector('main').insertAdjacentHTML('beforeend', html)", blocks
    )
    dress(window, base(name))
    seen = window.evaluate(
        """() => [".teaser", ".teaser p", ".teaser ul", ".teaser li", ".btn"].map((selector) =>
          [...document.querySelectorAll(selector)].map((el) => {
            const { color, backgroundColor, listStyleType, marginTop, padding, textDecorationLine } =
              getComputedStyle(el);
            return [
              color, backgroundColor, listStyleType, parseFloat(marginTop) > 0, padding, textDecorationLine,
            ];
          }),
        )"""
    )
    for inside, outside in seen:
        assert inside == outside


@pytest.mark.django_db
def test_a_site_sets_how_heavy_headings_are(make_page, client, window):
    put_up(window, framed(client.get(make_page(**fields()).url).text))
    dress(window, base("framework") + ".petition { --petition-heading-weight: 400 }")
    weights = window.locator(".petition :is(h1, h2)").evaluate_all(
        "(all) => all.map((el) => getComputedStyle(el).fontWeight)"
    )
    assert set(weights) == {"400"}


@pytest.mark.django_db
def test_buttons_that_only_a_script_serves_are_not_shown_without(shown, window):
    """Nor where the browser can't copy or share, as on a site without HTTPS."""
    put_up(window, framed(shown["signed"]))
    dress(window, base("bare"))
    for button in window.locator("[data-petition-share], [data-petition-copy]").all():
        expect(button).to_be_hidden()
