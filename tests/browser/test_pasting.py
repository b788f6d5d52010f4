"""Pasting a timeline and background links into the editor."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from .axe import violations

SHEET = """
<meta charset="utf-8"><table><tbody>
<tr><td>Date</td><td>What</td><td>Details</td><td>Link</td></tr>
<tr><td>6 aprile 2018</td><td>The policy is announced</td><td>At once.</td>
<td><a href="https://www.example.org/policy">https://www.example.org/policy</a></td></tr>
<tr><td>maggio 2018</td><td>A court is asked</td><td></td><td></td></tr>
<tr><td>2019</td><td>It is over</td><td></td><td></td></tr>
</tbody></table>
"""


@pytest.fixture
def editor(make_page, open_window, log_in):
    """The editor of a page with an empty timeline and empty links: (window, page)."""
    page = make_page(
        body=[("timeline", {"events": [{}]}), ("links", {"links": [{}]})], publish=False
    )
    user = get_user_model().objects.create_superuser("admin", "admin@example.org", "password")
    window = open_window(permissions=["clipboard-read", "clipboard-write"])
    log_in(window, user)
    window.goto(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    return window, page


def copy(window, text, html):
    """Put something on the clipboard, as a spreadsheet does."""
    window.evaluate(
        """([text, html]) => navigator.clipboard.write([new ClipboardItem({
            'text/plain': new Blob([text], {type: 'text/plain'}),
            'text/html': new Blob([html], {type: 'text/html'}),
        })])""",
        [text, html],
    )


def save(window, page):
    with window.expect_navigation():
        window.get_by_role("button", name="Save draft").click()
    page.refresh_from_db()
    return page.get_latest_revision_as_object().body


def test_a_table_becomes_events(editor):
    window, page = editor
    copy(window, "as text", SHEET)
    window.get_by_role("button", name="Paste events").press("Enter")
    dialog = window.get_by_role("dialog", name="Paste events")
    expect(dialog.get_by_label("Table or list")).to_be_focused()
    window.keyboard.press("Control+V")
    expect(dialog.get_by_role("status")).to_have_text("3 events found.")
    expect(dialog.get_by_role("row")).to_have_count(4)
    expect(dialog).to_contain_text("May 2018")
    assert not violations(window, ".petition-dialog")
    dialog.get_by_role("button", name="Add 3 events").press("Enter")
    expect(dialog).to_have_count(0)
    events = window.locator("[data-contentpath=events] [data-streamfield-child]:visible")
    # The empty one that a timeline begins with is gone, and the new ones are folded.
    expect(events).to_have_count(3)
    expect(events.first.locator("[data-panel-toggle]").first).to_be_focused()
    expect(events.first).to_contain_text("The policy is announced")
    expect(events.first.locator("[name$=title]")).to_be_hidden()
    first, second, third = save(window, page)[0].value["events"]
    assert (first.datetime, first["title"]) == ("2018-04-06", "The policy is announced")
    assert first["source"] == "https://www.example.org/policy"
    assert "At once." in first["text"].source
    assert [second.datetime, third.datetime] == ["2018-05", "2019"]


def test_lines_become_links(editor):
    window, page = editor
    window.get_by_role("button", name="Paste links").click()
    dialog = window.get_by_role("dialog", name="Paste links")
    dialog.get_by_label("Table or list").fill("The policy – https://a.example/ – In full\nAlone")
    expect(dialog.get_by_role("status")).to_have_text("2 links found. 1 needs a look.")
    dialog.get_by_role("button", name="Add 2 links").click()
    expect(dialog).to_have_count(0)
    first, second = save(window, page)[1].value["links"]
    assert (first["title"], first["url"]) == ("The policy", "https://a.example/")
    assert first["description"] == "In full"
    assert second["title"] == "Alone"


def test_what_is_cancelled_adds_nothing(editor):
    window, _page = editor
    button = window.get_by_role("button", name="Paste events")
    button.click()
    dialog = window.get_by_role("dialog", name="Paste events")
    dialog.get_by_label("Table or list").fill("2018 – It begins")
    expect(dialog.get_by_role("button", name="Add 1 event")).to_be_enabled()
    window.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    events = window.locator("[data-contentpath=events] [data-streamfield-child]:visible")
    expect(events).to_have_count(1)


def test_defaults_are_shown_in_the_language_of_the_page(editor, italian):
    window, page = editor
    page.body = [("timeline", {"events": [{}]}), ("action", {"text": "", "button": "", "url": ""})]
    page.save_revision().publish()
    other = page.copy_for_translation(italian, copy_parents=True)
    window.goto(reverse("wagtailadmin_pages:edit", args=[other.pk]))
    with translation.override("it"):
        heading, button = gettext("What happened"), gettext("Sign this petition")
    body = window.locator("[data-contentpath=body]")
    expect(body.locator("[name$='-heading']")).to_have_attribute("placeholder", heading)
    expect(body.locator("[name$='-button']")).to_have_attribute("placeholder", button)


def test_a_heading_is_asked_for_where_it_is_shown(editor):
    window, _page = editor
    timeline = window.locator("[data-contentpath=body] [data-streamfield-child]").first
    heading = timeline.locator("[name$='-heading']").first
    expect(heading).to_have_attribute("placeholder", "What happened")
    timeline.get_by_label("Show the heading").uncheck()
    expect(heading).to_be_hidden()
    timeline.get_by_label("Show the heading").check()
    expect(heading).to_be_visible()
