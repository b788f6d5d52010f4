"""Events and links from what editors paste: tables, lists and lines of any program."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_petition.blocks.pasting.dates import read_date
from wagtail_petition.blocks.pasting.events import read_events
from wagtail_petition.blocks.pasting.links import read_links


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [
        ("2018-04-06", date(2018, 4, 6), "day"),
        ("2018-04-06T12:30:00Z", date(2018, 4, 6), "day"),
        ("2018-04", date(2018, 4, 1), "month"),
        ("2018", date(2018, 1, 1), "year"),
        ("(2018)", date(2018, 1, 1), "year"),
        ("6/4/2018", date(2018, 4, 6), "day"),
        ("6.4.2018", date(2018, 4, 6), "day"),
        ("06. 04. 18", date(2018, 4, 6), "day"),
        ("4/26/2018", date(2018, 4, 26), "day"),
        ("04/2018", date(2018, 4, 1), "month"),
        ("April 6, 2018", date(2018, 4, 6), "day"),
        ("Friday, April 6th, 2018, 9:30 p.m.", date(2018, 4, 6), "day"),
        ("6 Sept. 2018", date(2018, 9, 6), "day"),
        ("April 2018", date(2018, 4, 1), "month"),
        ("6 aprile 2018", date(2018, 4, 6), "day"),
        ("venerdì 6 apr. 2018", date(2018, 4, 6), "day"),
        ("1º maggio 2018", date(2018, 5, 1), "day"),
        ("6. März 2018", date(2018, 3, 6), "day"),
        ("Freitag, den 6. April 2018", date(2018, 4, 6), "day"),
        ("1er août 2018", date(2018, 8, 1), "day"),
        ("le 14 juil. 2018", date(2018, 7, 14), "day"),
        ("6 de abril de 2018", date(2018, 4, 6), "day"),
        ("6 de março de 2018", date(2018, 3, 6), "day"),
        ("segunda-feira, 5 de fevereiro de 2018", date(2018, 2, 5), "day"),
        ("٦ أبريل ٢٠١٨", date(2018, 4, 6), "day"),
        ("أبريل ٢٠١٨", date(2018, 4, 1), "month"),
    ],
)
def test_dates_as_people_write_them(written, day, precision):
    assert read_date(written) == (day, precision)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "31 June 2018",
        "13/13/2018",
        "soon",
        "June",
        "6 April",
        "2018 families",
        "12",
        "99999",
        "6 April 2018 The",
        "April 2018 2019",
        "²",
    ],
)
def test_what_is_no_date(written):
    assert read_date(written) is None


def test_a_day_and_a_month_in_numbers_are_read_as_the_page_s_language_writes_them():
    def day(text, language):
        return read_events(text, language=language).blocks[0].value["date"]

    assert day("4/5/2018\tHearing", "en") == date(2018, 4, 5)
    assert day("4/5/2018\tHearing", "it") == date(2018, 5, 4)
    # Another date of the same table shows what is meant.
    assert day("4/5/2018\tHearing\n26/5/2018\tVote", "en") == date(2018, 5, 4)
    assert day("4/5/2018\tHearing\n5/26/2018\tVote", "it") == date(2018, 4, 5)


def events(text, html="", language="en"):
    return [block.value for block in read_events(text, html, language).blocks]


EVENT = {
    "date": date(2018, 4, 6),
    "precision": "day",
    "title": "The policy is announced",
    "text": "<p>It takes effect at once.</p>",
    "source": "https://www.example.org/policy?a=1",
}


@pytest.mark.parametrize(
    "text",
    [
        "6 April 2018 – The policy is announced – It takes effect at once. – "
        "https://www.example.org/policy?a=1",
        "6 April 2018\tThe policy is announced\tIt takes effect at once.\t"
        "https://www.example.org/policy?a=1",
        "| 2018-04-06 | The policy is announced | It takes effect at once. | "
        "https://www.example.org/policy?a=1 |",
        "• April 6, 2018: The policy is announced - It takes effect at once. "
        "https://www.example.org/policy?a=1",
        "1. 6 April 2018, The policy is announced – It takes effect at once. "
        "(https://www.example.org/policy?a=1)",
        "* The policy is announced (6 April 2018)\nIt takes effect at once.\n"
        "https://www.example.org/policy?a=1",
        "6 aprile 2018\nThe policy is announced\nIt takes effect at once.\n"
        "https://www.example.org/policy?a=1",
        "6 April 2018 – [The policy is announced](https://www.example.org/policy?a=1) – "
        "It takes effect at once.",
        'Date\tWhat\tDetails\tLink\n4/6/2018\tThe policy is announced\t"It takes\neffect at once."'
        "\thttps://www.example.org/policy?a=1",
    ],
)
def test_an_event_in_a_line_or_a_row(text):
    assert events(text) == [EVENT]


SHEETS = (
    '<meta charset="utf-8"><google-sheets-html-origin><style>td {border: 1px}</style>'
    '<table dir="ltr"><tbody><tr><td>Date</td><td>Title</td><td>Text</td><td>Link</td></tr>'
    "<tr><td>06/04/2018</td><td>The policy is announced</td><td>It takes effect at once.</td>"
    '<td><a href="https://www.google.com/url?q=https://www.example.org/policy?a%3D1&amp;sa=D">'
    "Example</a></td></tr></tbody></table>"
)
DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1">'
    '<ul><li dir="ltr"><p dir="ltr"><span>6 aprile 2018 – The policy is announced – </span>'
    '<a href="https://www.example.org/policy?a=1"><span>It takes effect at once.</span></a></p>'
    "</li><li><p>maggio 2018 – A court stops it</p></li></ul></b>"
)
WORD = (
    "<html><head><style><!-- p {mso-x: y} --></style></head><body><!--StartFragment-->"
    "<p class=MsoListParagraph><![if !supportLists]><span>·<span>&nbsp;&nbsp; </span></span>"
    "<![endif]><span lang=IT>6 aprile 2018: The policy is announced – It takes effect\n at once. "
    '<a href="https://www.example.org/policy?a=1">Source</a></span></p>'
    "<p class=MsoListParagraph>·<span>&nbsp; </span>2019: It is over<o:p></o:p></p>"
    "<!--EndFragment--></body></html>"
)


def test_a_table_of_google_sheets():
    found = read_events("", SHEETS, "it")
    assert [block.value | {"text": ""} for block in found.blocks] == [EVENT | {"text": ""}]
    assert found.left_out == ["Date – Title – Text – Link"]


def test_a_list_of_google_docs():
    first, second = events("", DOCS, "it")
    assert first == EVENT
    assert (second["date"], second["precision"]) == (date(2018, 5, 1), "month")
    assert second["title"] == "A court stops it"


def test_a_list_of_word():
    first, second = events("", WORD, "it")
    assert (first["date"], first["title"]) == (EVENT["date"], EVENT["title"])
    assert first["source"] == EVENT["source"]
    assert (second["date"], second["precision"]) == (date(2019, 1, 1), "year")
    assert second["title"] == "It is over"


def test_nothing_is_lost_in_silence():
    found = read_events(
        f"What happened\n6 April 2018 – {'Long ' * 60}– https://a.example/ https://b.example/"
    )
    (block,) = found.blocks
    assert found.left_out == ["What happened"]
    assert len(block.value["title"]) <= 200
    assert "<p>" + ("Long " * 60).strip() + "</p>" in block.value["text"]
    assert 'href="https://b.example/"' in block.value["text"]
    assert block.notes == ["The title was shortened. The details have it in full."]


def test_rows_without_a_date_are_told():
    found = read_events("Date\tTitle\n2018\tFirst\nin spring\tSecond")
    assert [block.value["title"] for block in found.blocks] == ["First", "in spring"]
    assert found.blocks[1].notes == ["No date found. Enter it after adding."]
    assert found.blocks[1].value["text"] == "<p>Second</p>"


def test_a_line_without_a_date_among_events_is_no_detail_of_another():
    found = read_events("2018 – First – More\nin spring – Second\nOnly words\n2019 – Third")
    assert [block.value["title"] for block in found.blocks] == ["First", "in spring", "Third"]
    assert found.blocks[1].notes == ["No date found. Enter it after adding."]
    # A single part goes on with what is above.
    assert found.blocks[1].value["text"] == "<p>Second</p><p>Only words</p>"


def test_what_is_pasted_is_text_and_no_markup():
    (event,) = events("2018 – <b onclick=x>Title</b> – <script>alert(1)</script>")
    assert event["title"] == "<b onclick=x>Title</b>"
    assert event["text"] == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    (event,) = events("", "<ul><li>2018 – Title <a href='javascript:alert(1)'>x</a></li></ul>")
    assert event["source"] == ""


def links(text, html=""):
    return [block.value for block in read_links(text, html).blocks]


LINK = {
    "title": "The policy in full",
    "url": "https://www.example.org/policy",
    "description": "As published",
}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("The policy in full – https://www.example.org/policy – As published", ""),
        ("Title\tLink\tAbout\nThe policy in full\twww.example.org/policy\tAs published", ""),
        ("- [The policy in full](https://www.example.org/policy) – As published", ""),
        ("1. The policy in full – As published\nhttps://www.example.org/policy", ""),
        (
            "The policy in full – As published",
            "<p><a href='https://www.example.org/policy'>The policy in full</a> – As published</p>",
        ),
    ],
)
def test_a_link_in_a_line_or_a_row(text, html):
    found = [
        value | {"url": value["url"].replace("https://example", "https://www.example")}
        for value in links(text, html)
    ]
    assert found == [LINK]


def test_an_address_alone_is_named_after_its_host():
    first, second = links("https://www.example.org/a\nhttps://b.example/")
    assert (first["title"], second["title"]) == ("example.org", "b.example")


@given(st.text(), st.text())
def test_anything_can_be_pasted(text, html):
    for read in (read_events, read_links):
        for block in read(text, html).blocks:
            assert len(block.value["title"]) <= 200
