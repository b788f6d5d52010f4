"""Blocks of the body: what editors type, and the HTML made from it."""

from datetime import date

import pytest
from django.utils import translation
from wagtail.blocks import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from wagtail_petition.blocks import BodyBlock, SponsorsBlock
from wagtail_petition.blocks.links import LinkBlock
from wagtail_petition.blocks.timeline import TimelineBlock
from wagtail_petition.formats import shown_host


def timeline(*days, order="oldest"):
    return TimelineBlock().to_python(
        {"order": order, "events": [{"date": d, "title": str(d)} for d in days]}
    )


def titles(events):
    return [e["title"] for e in events]


def test_events_are_in_order_whatever_the_editor_s():
    value = timeline("2018-06-20", "2018-04-06", "2018-05-07")
    assert titles(value.ordered_events) == ["2018-04-06", "2018-05-07", "2018-06-20"]
    value = timeline("2018-06-20", "2018-04-06", order="newest")
    assert titles(value.ordered_events) == ["2018-06-20", "2018-04-06"]


def test_an_event_without_a_date_comes_last():
    assert titles(timeline(None, "2018-04-06").ordered_events) == ["2018-04-06", "None"]


@pytest.mark.parametrize(("number", "shown"), [(3, 3), (8, 8), (10, 10), (11, 8), (30, 8)])
def test_a_long_timeline_is_folded(number, shown):
    value = timeline(*(f"2018-01-{day + 1:02}" for day in range(number)))
    assert len(value.shown_events) == shown
    assert len(value.folded_events) == number - shown
    assert titles(value.shown_events + value.folded_events) == titles(value.ordered_events)


@pytest.mark.parametrize(
    ("precision", "written"), [("day", "2018-04-06"), ("month", "2018-04"), ("year", "2018")]
)
def test_a_date_is_as_precise_as_the_editor_said(precision, written):
    value = TimelineBlock().to_python(
        {"events": [{"date": "2018-04-06", "precision": precision, "title": "x"}]}
    )
    (event,) = value.ordered_events
    assert event["date"] == date(2018, 4, 6)
    assert event.datetime == written


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.justice.gov/opa", "justice.gov"),
        ("http://example.org:8080/", "example.org"),
        ("", ""),
        (None, ""),
        ("http://[", ""),
    ],
)
def test_host_as_people_name_it(url, host):
    assert shown_host(url) == host


def link(**values):
    return LinkBlock().to_python({"title": "Policy", **values})


@pytest.mark.django_db
def test_a_link_leads_to_one_place(home):
    assert link(url="https://www.example.org/x").href == "https://www.example.org/x"
    assert link(url="https://www.example.org/x").host == "example.org"
    assert link(page=home.pk).href == home.url
    assert link(page=home.pk).host == ""
    assert link().href == ""


@pytest.mark.django_db
def test_a_link_to_two_places_is_refused_beside_both(home):
    with pytest.raises(StructBlockValidationError) as refused:
        LinkBlock().clean(link(url="https://example.org/", page=home.pk))
    assert set(refused.value.block_errors) == {"url", "page"}


@pytest.mark.django_db
def test_a_link_to_a_page_speaks_the_reader_s_language(page, translated):

    with translation.override("it"):
        assert link(page=page.pk).href == translated.url


@pytest.mark.parametrize("block", [BodyBlock(), SponsorsBlock()])
def test_every_block_can_be_told_apart_in_the_editor(block):
    for child in block.child_blocks.values():
        assert child.meta.icon != "placeholder"
        assert child.get_description()
        assert child.get_preview_value() is not None


@pytest.mark.django_db
def test_an_address_that_runs_script_is_refused():
    block = BodyBlock()
    action = {"type": "action", "value": {"button": "x", "url": "javascript:alert(1)"}}
    value = block.to_python([action])
    with pytest.raises(StreamBlockValidationError):
        block.clean(value)


# Django may ask the database for its limits, though there is nothing to look up.
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "english", "italian"),
    [
        ("timeline", "What happened", "Cosa è successo"),
        ("links", "Background", "Per approfondire"),
        ("action", "Sign this petition", "Firma questa petizione"),
    ],
)
def test_default_words_are_in_the_language_of_the_page_and_never_kept(name, english, italian):
    block = BodyBlock().child_blocks[name]
    with translation.override("it"):
        value = block.get_default()
        kept = block.get_prep_value(value)
    assert not kept.get("heading")
    assert not kept.get("button")
    value = block.to_python(kept)
    assert english in block.render(value)
    with translation.override("it"):
        assert italian in block.render(value)


@pytest.mark.parametrize("name", ["timeline", "links"])
class TestHeading:
    def render(self, name, **value):
        block = BodyBlock().child_blocks[name]
        single, many = block.to_python(value), block.bulk_to_python([value])[0]
        assert block.render(single) == block.render(many)
        return block.render(single)

    def test_what_was_typed_stays(self, name):
        assert "<h2>Our story</h2>" in self.render(name, heading="Our story")

    def test_what_was_left_without_one_before_stays_without(self, name):
        assert "<h2>" not in self.render(name, heading="")

    def test_it_can_be_hidden(self, name):
        assert "<h2>" not in self.render(name, heading="", show_heading=False)
        assert "<h2>" in self.render(name, heading="", show_heading=True)
