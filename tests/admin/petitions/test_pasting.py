"""Pasting events and links in the editor: what is shown, and the blocks that are added."""

import json

import pytest
from django.urls import reverse

from tests.helpers import at_once
from wagtail_petition.admin.petitions.views.pasting import KINDS, PasteView
from wagtail_petition.blocks.links import LinkBlock
from wagtail_petition.blocks.pasting.events import read_events
from wagtail_petition.blocks.timeline import EventBlock


@pytest.fixture
def paste(admin_client):
    """Paste a text as events or links. Returns the response."""

    def paste(kind, text, **data):
        address = reverse("petitions:paste", args=[kind])
        return admin_client.post(address, {"text": text, "language": "en", **data}).json()

    return paste


def test_events_are_shown_as_they_will_be(paste):
    answer = paste("events", "6 April 2018 – It begins – <b>At once</b>\nwords\nMay 2018 – More")
    assert answer["status"] == "2 events found."
    assert answer["add"] == "Add 2 events"
    assert "April 6, 2018" in answer["preview"]
    assert "May 2018" in answer["preview"]
    assert "<p>&lt;b&gt;At once&lt;/b&gt;</p>" in answer["preview"]


def test_events_come_as_wagtail_s_editor_takes_them(paste):
    first, second = paste("events", "6 April 2018 – It begins – At once\n2019 – It ends")["blocks"]
    assert first["id"] != second["id"]
    assert set(first["value"]) == set(EventBlock().child_blocks)
    assert first["value"]["date"] == "2018-04-06"
    assert json.loads(first["value"]["text"])["blocks"][0]["text"] == "At once"
    assert second["value"]["precision"] == ["year"]


def test_links_come_as_wagtail_s_editor_takes_them(paste):
    answer = paste("links", "The policy – https://example.org/policy\nNo link")
    first, _second = answer["blocks"]
    assert set(first["value"]) == set(LinkBlock().child_blocks)
    assert first["value"]["url"] == "https://example.org/policy"
    assert answer["status"] == "2 links found. 1 needs a look."
    assert "No URL found. Enter it after adding." in answer["preview"]


def test_nothing_is_added_where_nothing_is_found(paste):
    answer = paste("events", " \n ")
    assert answer["blocks"] == []
    assert answer["status"] == ""


def test_what_is_too_long_is_refused_in_words(paste):
    answer = paste("events", "x" * 200_001)
    assert answer["status"] == "This is too long. Paste it in parts."
    assert answer["blocks"] == []


def test_there_is_no_other_kind(admin_client):
    assert admin_client.get(reverse("petitions:paste", args=["people"])).status_code == 404


def test_several_editors_paste_at_once():
    """Threads share Wagtail's converter of rich text, but must not get each other's text."""
    text = "2018 – It begins – " + "Details " * 200
    # The page's editor has been open: the fields are there.
    EventBlock().get_form_state(EventBlock().to_python({"text": "<p>x</p>"}))
    view = PasteView(kind=KINDS["events"])

    def form_state(number):
        (state,) = view.form_states(read_events(f"{text}{number}").blocks)
        return json.loads(state["value"]["text"])["blocks"][0]["text"]

    assert at_once(16, form_state) == [f"{text}{n}".rpartition(" – ")[2] for n in range(16)]
