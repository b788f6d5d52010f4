"""Answers in a delivery: each kind of question, in each kind of file, in the document's language."""

import csv
import io

import pypdf
import pytest
from openpyxl import load_workbook

from wagtail_petition import ledger
from wagtail_petition.delivery.columns import PRESETS
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.models import Delivery

pytestmark = pytest.mark.django_db


def choices(*pairs):
    return [{"type": "item", "id": pk, "value": label} for pk, label in pairs]


def questions(vote, yes, no, translate, collect):
    """A question of each kind, with some of the labels as they are in one language."""
    options = choices(("t", translate), ("c", collect))
    return [
        {"type": "short_text", "id": "short", "value": {"label": "In short"}},
        {"type": "long_text", "id": "long", "value": {"label": "At length"}},
        {
            "type": "one_choice",
            "id": "vote-1",
            "value": {"label": vote, "choices": choices(("y", yes), ("n", no))},
        },
        {"type": "several_choices", "id": "help", "value": {"label": "Help", "choices": options}},
        {"type": "tick_box", "id": "citizen", "value": {"label": "Citizen"}},
        {"type": "number", "id": "years", "value": {"label": "Years"}},
        {"type": "date", "id": "moved", "value": {"label": "Moved"}},
    ]


ANSWERS = {
    "short": "=Roma",
    "long": "One line\nand another",
    "vote-1": "y",
    "help": ["t", "c"],
    "citizen": True,
    "years": 1999,
    "moved": "2001-02-03",
}


@pytest.fixture
def asked(page, translated, signed):
    """Somebody answered in English, somebody in Italian, and somebody nothing at all."""
    page.questions = questions("Do you vote?", "From abroad", "No", "Translate", "Collect")
    page.save_revision().publish()
    translated.questions = questions("Voti?", "Dall’estero", "No", "Tradurre", "Raccogliere")
    translated.save_revision().publish()
    # Who signs sees the questions as they are published now.
    page.refresh_from_db()
    signed({"given_name": "Anna", "answers": ANSWERS}, "Bruno")
    ledger.confirm(ledger.sign(translated, email="c@example.org", given_name="Carla"))


FULL = list(PRESETS["authority"].columns)
EXPECTED = {
    "en": ["From abroad", "Translate, Collect", "Yes", "Do you vote?"],
    "it": ["Dall’estero", "Tradurre, Raccogliere", "Sì", "Voti?"],
}


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("columns", [FULL, ["number", "answers"]], ids=["full list", "custom"])
def test_every_kind_of_answer_in_every_file(asked, make_delivery, content, language, columns):
    delivery = make_delivery(columns=columns, language=language, formats=["pdf", "csv", "xlsx"])
    assert (delivery.state, delivery.error) == (Delivery.State.READY, "")
    vote, help_, yes, label = EXPECTED[language]

    rows = list(
        csv.DictReader(io.StringIO(content(delivery, "signatures.csv").decode("utf-8-sig")))
    )
    anna, bruno = rows[0], rows[1]
    assert anna[label] == vote
    assert anna["Help"] == help_
    assert anna["Citizen"] == yes
    assert anna["Years"] == "1999"
    assert anna["Moved"] == "2001-02-03"
    assert anna["In short"] == "'=Roma"
    assert anna["At length"] == "One line\nand another"
    assert bruno[label] == bruno["Help"] == bruno["Years"] == ""

    sheet = load_workbook(io.BytesIO(content(delivery, "signatures.xlsx"))).active
    header, first = list(sheet.iter_rows(values_only=True))[:2]
    cells = dict(zip(header, first, strict=True))
    assert (cells[label], cells["Years"], cells["In short"]) == (vote, 1999, "=Roma")
    assert str(cells["Moved"]).startswith("2001-02-03")

    pdf = pypdf.PdfReader(io.BytesIO(content(delivery, "signatures-001.pdf")))
    text = "".join("".join(page.extract_text() for page in pdf.pages).split())
    for value in (label, vote, help_, yes, "1999", "=Roma", "2001", "andanother"):
        assert "".join(value.split()) in text


@pytest.mark.parametrize("name", ["signed_at", "language", "source", "show_name", "country_code"])
def test_every_column_that_was_chosen_is_printed(signed, make_delivery, content, name):
    signed({"given_name": "Anna", "source": "flyer", "show_name": True})
    delivery = make_delivery(columns=["number", name], formats=["pdf", "csv"])
    rows = list(csv.reader(io.StringIO(content(delivery, "signatures.csv").decode("utf-8-sig"))))
    pdf = pypdf.PdfReader(io.BytesIO(content(delivery, "signatures-001.pdf")))
    text = "".join("".join(page.extract_text() for page in pdf.pages).split())
    label = next(each for each in rows[0] if each not in ("Number", "Country"))
    assert "".join(label.split()) in text


def test_one_question_alone_can_be_a_column(asked, page):
    columns = ["number", "answer_vote-1"]
    resource = get_signature_resource(petitions=[page.petition], columns=columns)
    assert list(resource.fields) == columns
    rows = list(resource.get_rows(page.petition.signatures.order_by("number")))
    assert rows[0] == [1, "From abroad"]
