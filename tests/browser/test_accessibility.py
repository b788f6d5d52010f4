"""Every page and state under axe, in three languages and two widths; names as screen readers read them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.helpers import path_in
from wagtail_petition import ledger
from wagtail_petition.ledger import tokens
from wagtail_petition.models import Signature, Token

from .axe import violations
from .conftest import DESK, PHONE
from .petition import fields, translate, update_body

pytestmark = pytest.mark.screens


@pytest.fixture
def pages(make_page):
    """A petition that uses everything, in English, Italian and Arabic."""
    return translate(make_page(**fields()))


@pytest.fixture
def audit():
    """Check what a window shows; nothing may be wrong, and nothing may stick out sideways."""

    def audit(window):
        assert not violations(window), window.url
        width = window.evaluate("document.documentElement.scrollWidth")
        assert width == window.viewport_size["width"], window.url

    return audit


def signature_of(page, number=1, confirm=True):
    made = ledger.sign(
        page,
        email=f"anna{number}@example.org",
        given_name="Anna",
        family_name="Moretti" * 14,
        country="IT",
        message="Please.",
        show_name=True,
    )
    return ledger.confirm(made).signature if confirm else made


def close(*pages):
    for page in pages:
        page.closes_at = timezone.now() - timedelta(days=5)
        page.save_revision().publish()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["en", "it", "ar"])
class TestEachState:
    """Each page and state."""

    def test_page(self, pages, open_window, audit, language, size):
        page = pages[language]
        window = open_window(size)
        window.goto(page.url)
        audit(window)  # nobody has signed
        signature_of(page)
        window.reload()
        for summary in window.locator("summary").all():
            summary.click()
        audit(window)
        direction = "rtl" if language == "ar" else "ltr"
        expect(window.locator(".petition")).to_have_css("direction", direction)

        take_a_minute(window)
        window.locator(".petition-form button[type=submit]").click()
        expect(window.locator(".petition-errors")).to_be_focused()
        audit(window)

    def test_updates(self, pages, make_update, open_window, audit, language, size):
        page = pages[language]
        for where in (page, pages["en"]):
            for title in ("The minister has answered", "An" + "other" * 20):
                update = make_update(where, title=title, body=update_body(), introduction="Now")
        for number in range(20):
            make_update(page, title=f"News {number}")
        window = open_window(size)
        window.goto(update.url if language == "en" else page.updates[-1].url)
        audit(window)
        window.goto(reverse("wagtail_petition:updates", args=[page.petition_key]))
        audit(window)
        window.goto(page.url)
        expect(window.locator("#petition-updates li")).to_have_count(3)
        audit(window)

    def test_upcoming_and_closed(self, pages, open_window, audit, language, size):
        page = pages[language]
        signature_of(page)
        window = open_window(size)
        page.opens_at = timezone.now() + timedelta(days=5)
        page.save_revision().publish()
        window.goto(page.url)
        audit(window)
        page.opens_at = None
        close(page)
        window.goto(page.url)
        audit(window)

    def test_steps(self, pages, open_window, audit, mailoutbox, language, size):
        page = pages[language]
        window = open_window(size)
        window.goto(page.url)
        for name, value in (("given_name", "Anna"), ("family_name", "Moretti")):
            window.locator(f"#petition-{name}").fill(value)
        window.locator("#petition-email").fill("anna@gmial.com")
        window.locator("#petition-country").select_option("IT")
        # By keyboard: the form moves with the page, and a click goes to where the box was.
        window.locator("#petition-consent").press("Space")
        window.evaluate("performance.now = () => 900")
        window.locator(".petition-form button[type=submit]").click()
        expect(window.locator("input[name=step]")).to_have_count(1)
        audit(window)
        window.locator("form .petition-button").click()
        expect(window.locator(".petition-address")).to_be_visible()
        window.locator("summary").click()
        audit(window)
        window.locator("#petition-email").fill("nonsense")
        window.locator("details button").click()
        expect(window.locator("#petition-email")).to_be_focused()
        audit(window)

        confirm = path_in(mailoutbox[0], "confirm")
        window.goto(confirm)
        audit(window)
        window.locator("form .petition-button").first.click()
        expect(window.locator(".petition-number")).to_be_visible()
        for summary in window.locator("summary").all():
            summary.click()
        audit(window)

        window.goto(path_in(mailoutbox[1], "signature"))
        for summary in window.locator("summary").all():
            summary.click()
        audit(window)
        window.goto(path_in(mailoutbox[1], "receipt"))
        audit(window)
        window.goto(path_in(mailoutbox[1], "unsubscribe"))
        audit(window)
        window.locator("form .petition-button").click()
        expect(window.locator("button[name=allow]")).to_be_visible()
        audit(window)

        window.goto(path_in(mailoutbox[1], "signature"))
        window.locator("summary").last.click()
        window.locator("button[name=withdraw]").click()
        expect(window.locator("form")).to_have_count(0)
        audit(window)
        window.goto(confirm)
        audit(window)

    def test_dead_ends(self, pages, open_window, audit, language, size):
        page = pages[language]
        window = open_window(size)
        window.goto("/petitions/confirm/nonsense/")
        audit(window)
        # Another site posts here.
        window.goto("about:blank")
        window.evaluate(
            """(url) => {
              const form = Object.assign(document.createElement("form"), {
                action: url, method: "post",
              });
              document.body.append(form);
              form.submit();
            }""",
            page.get_site().root_url + page.sign_url,
        )
        expect(window.locator("h1")).to_be_visible()
        audit(window)

        first, second, late = (signature_of(page, n, confirm=False) for n in (1, 1, 2))
        links = [tokens.issue(s, Token.Purpose.CONFIRM) for s in (first, second, late)]
        paths = [f"/petitions/confirm/{link[Token.Purpose.CONFIRM]}/" for link in links]
        ledger.confirm(first)
        window.goto(paths[1])
        window.locator("form .petition-button").click()
        expect(window.locator("form")).to_have_count(0)
        audit(window)  # signed already
        Token.objects.update(expires_at=timezone.now() - timedelta(days=1))
        window.goto(paths[2])
        audit(window)  # expired
        close(*pages.values())
        window.goto(paths[2])
        audit(window)  # closed
        for each in pages.values():
            each.unpublish()
        window.goto(paths[2])
        audit(window)  # gone
        assert Signature.objects.get(pk=late.pk).status == Signature.Status.UNCONFIRMED


def test_what_a_screen_reader_says_of_the_card(pages, open_window):
    window = open_window()
    window.goto(pages["en"].url)
    expect(window.get_by_role("region", name="Sign this petition")).to_match_aria_snapshot(
        """
        - heading "Sign this petition" [level=2]
        - status: Be the first to sign.
        - progressbar "Be the first to sign. Let’s get to 100."
        - textbox "First name"
        - paragraph: If you have only one name, enter “-” here.
        - textbox "Last name"
        - paragraph: We’ll email you a link to confirm. Each person who signs needs their own address.
        - textbox "Email"
        - combobox "Country where you live"
        - textbox "City (optional)"
        - group "Do you vote? (optional)":
          - radio "Yes"
          - radio "No"
        - group "How can you help? (optional)":
          - checkbox "Translate"
          - checkbox "Call"
        - checkbox "I am a citizen"
        - textbox "Message (optional)"
        - checkbox /^I agree that .* using the link in the receipt I get by email\\.$/
        - checkbox "Show my first name, initial and city (or country) on this page"
        - paragraph: If your message is approved, it will appear with your name.
        - checkbox "Send me news about this petition"
        - button "Sign this petition"
        """
    )


def test_required_fields_and_autofill_are_announced(pages, open_window):
    window = open_window()
    window.goto(pages["en"].url)
    tokens_by_label = {
        "First name": "given-name",
        "Last name": "family-name",
        "Email": "email",
        "Country where you live": "country",
        "City (optional)": "address-level2",
    }
    for label, token in tokens_by_label.items():
        field = window.get_by_label(label, exact=True)
        expect(field).to_have_attribute("autocomplete", token)
        required = "(optional)" not in label
        assert field.evaluate("el => el.required") is required
    expect(window.get_by_role("textbox", name="Email")).to_have_accessible_description(
        "We’ll email you a link to confirm. Each person who signs needs their own address."
    )


def test_languages_are_offered_in_their_own_names(pages, open_window):
    window = open_window()
    window.goto(pages["en"].url)
    languages = window.get_by_role("navigation", name="Languages")
    expect(languages.locator("[aria-current]")).to_have_text("English")
    for code, name in (("it", "italiano"), ("ar", "العربيّة")):
        link = languages.get_by_role("link", name=name)
        expect(link).to_have_attribute("lang", code)
        expect(link).to_have_attribute("hreflang", code)
    languages.get_by_role("link", name="italiano").click()
    expect(window.get_by_role("heading", level=1)).to_have_text("Smettete di separare le famiglie")


# The site chooses light or dark; this one leaves it to the person.
def take_a_minute(window):
    """Wait like a person before sending a form. A faster request would be taken for a robot."""
    window.evaluate("performance.now = () => 60000")


GO_WITH_THE_PERSON = """
document.documentElement.style.colorScheme = "light dark";
document.body.style.cssText = "background: Canvas; color: CanvasText";
"""


@pytest.mark.parametrize("options", [{"forced_colors": "active"}, {"color_scheme": "dark"}])
def test_contrast_in_other_colours(pages, open_window, audit, options):
    window = open_window(**options)
    signature_of(pages["en"])
    window.goto(pages["en"].url)
    window.evaluate(GO_WITH_THE_PERSON)
    audit(window)
    take_a_minute(window)
    window.locator(".petition-form button[type=submit]").click()
    expect(window.locator(".petition-errors")).to_be_focused()
    window.evaluate(GO_WITH_THE_PERSON)
    audit(window)
