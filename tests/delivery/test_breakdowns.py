"""What the cover letter counts: countries, and answers to the questions that were chosen."""

import io
import json

import pypdf
import pytest

from wagtail_petition.delivery.breakdowns import Breakdowns, countable_questions
from wagtail_petition.models import PetitionPage

pytestmark = pytest.mark.django_db


def choices(*labels):
    return [{"type": "item", "id": label.lower(), "value": label} for label in labels]


QUESTIONS = [
    {
        "type": "one_choice",
        "id": "vote",
        "value": {"label": "Do you vote?", "choices": choices("Never", "Always")},
    },
    {
        "type": "several_choices",
        "id": "help",
        "value": {"label": "How can you help?", "choices": choices("Translate", "Collect")},
    },
    {"type": "tick_box", "id": "citizen", "value": {"label": "I am a citizen"}},
    {"type": "short_text", "id": "state", "value": {"label": "State"}},
]


@pytest.fixture
def page(page):
    """A petition that asks questions."""
    page.questions = QUESTIONS
    page.save_revision().publish()
    return PetitionPage.objects.get(pk=page.pk)


@pytest.fixture
def people(signed):
    signed(
        {"answers": {"vote": "always", "help": ["collect", "translate"], "citizen": True}},
        {"answers": {"vote": "always", "help": ["collect"], "citizen": False}},
        {"answers": {"vote": "never"}},
        {"country": "DE"},
    )


def test_only_questions_with_answers_in_common_can_be_chosen(page, people):
    labels = {pk: column.column_name for pk, column in countable_questions(page.petition).items()}
    assert labels == {
        "vote": "Do you vote?",
        "help": "How can you help?",
        "citizen": "I am a citizen",
    }


def test_counts(page, people, make_delivery):
    delivery = make_delivery(made=False, breakdowns=["citizen", "vote", "help"])
    breakdowns = Breakdowns(delivery)
    for signature in page.petition.signatures.all():
        breakdowns.add(signature.country.name, "", signature.answers)
    assert list(breakdowns.tables()) == [
        ("Signatures by country", ["Country"], [("Italy", 3), ("Germany", 1)]),
        ("I am a citizen", ["Answer"], [("Yes", 1), ("No", 1), ("No answer", 2)]),
        ("Do you vote?", ["Answer"], [("Never", 1), ("Always", 2), ("No answer", 1)]),
        (
            "How can you help?",
            ["Answers, several possible"],
            [("Translate", 1), ("Collect", 2), ("No answer", 2)],
        ),
    ]


def letter_of(delivery, content):
    pdf = pypdf.PdfReader(io.BytesIO(content(delivery, "letter.pdf")))
    return " ".join("".join(page.extract_text() for page in pdf.pages).split())


def test_the_letter_says_what_was_chosen(people, make_delivery, content):
    text = letter_of(make_delivery(formats=["pdf"], breakdowns=["help"]), content)
    assert "Signatures by country" in text
    assert "How can you help? Answers, several possible Signatures Translate 1 Collect 2" in text
    assert "Do you vote?" not in text


def test_in_the_language_of_the_documents(people, make_delivery, content):
    text = letter_of(make_delivery(formats=["pdf"], language="it"), content)
    assert "Italia 3" in text
    assert "Signatures by country" not in text


def test_the_manifest_names_them_and_stays_the_same(people, make_delivery, content):
    first, second = (make_delivery(breakdowns=["vote", "gone"]) for _time in range(2))
    assert json.loads(content(first, "manifest.json"))["breakdowns"] == ["vote", "gone"]
    assert content(first, "manifest.json") == content(second, "manifest.json")
