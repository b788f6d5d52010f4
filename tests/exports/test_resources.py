"""The columns of signatures."""

from datetime import date, datetime

import pytest
from django.utils import timezone, translation
from import_export.fields import Field

from wagtail_petition.exports.columns import Column
from wagtail_petition.exports.resources import SignatureResource, get_signature_resource
from wagtail_petition.models import Petition, Signature

QUESTIONS = [
    {
        "type": "one_choice",
        "id": "vote",
        "value": {
            "label": "Do you vote?",
            "choices": [
                {"type": "item", "id": "abroad", "value": "From abroad"},
                {"type": "item", "id": "no", "value": "No"},
            ],
        },
    },
    {
        "type": "several_choices",
        "id": "help",
        "value": {
            "label": "How can you help?",
            "choices": [
                {"type": "item", "id": "a", "value": "Translate"},
                {"type": "item", "id": "b", "value": "Collect"},
            ],
        },
    },
    {"type": "date", "id": "moved", "value": {"label": "When did you move?"}},
    {"type": "number", "id": "years", "value": {"label": "Years abroad"}},
    {"type": "tick_box", "id": "citizen", "value": {"label": "Citizen"}},
    {"type": "short_text", "id": "state", "value": {"label": "State"}},
]
ANSWERS = {
    "vote": "abroad",
    "help": ["a", "b"],
    "moved": "2001-02-03",
    "years": 24,
    "citizen": True,
    "state": "no",
}


@pytest.fixture
def asking(make_page):
    """A page with a question of each kind."""
    return make_page(questions=QUESTIONS)


def table(resource, queryset=None):
    """The rows as dicts by heading."""
    found = Signature.objects.order_by("pk") if queryset is None else queryset
    headers = resource.get_export_headers()
    return [dict(zip(headers, row, strict=True)) for row in resource.get_rows(found)]


def test_a_row(page, make_signature):
    signature = make_signature(city="Roma", show_name=True, source="newsletter")
    [row] = table(SignatureResource([page.petition]))
    assert row == {
        "Number": 1,
        "Status": "Confirmed",
        "First name": "Anna",
        "Last name": "Moretti",
        "Public name": "Anna M.",
        "Email": "anna@example.org",
        "Country code": "IT",
        "Country": "Italy",
        "Postcode": "",
        "City": "Roma",
        "State or region": "",
        "Message": "",
        "Name shown in public": "Yes",
        "Opted in to updates": "No",
        "Language": "en",
        "Source": "newsletter",
        "Origin": "This site",
        "Signed": signature.signed_at,
        "Confirmed": signature.confirmed_at,
    }


def test_words_are_in_the_language_asked_for(page, make_signature):
    make_signature()
    resource = SignatureResource([page.petition], language="it")
    with translation.override("en"):
        [row] = table(resource)
    assert "Italia" in row.values()


def test_each_question_is_a_column(asking, make_signature):
    make_signature(asking, answers=ANSWERS)
    [row] = table(SignatureResource([asking.petition]))
    assert {question["value"]["label"] for question in QUESTIONS} <= row.keys()
    assert row["Do you vote?"] == "From abroad"
    assert row["How can you help?"] == "Translate, Collect"
    assert row["When did you move?"] == date(2001, 2, 3)
    assert row["Years abroad"] == 24
    assert row["Citizen"] == "Yes"
    # The text "no" is no choice of another question.
    assert row["State"] == "no"


def test_questions_stay_when_the_page_asks_them_no_more(asking, make_signature):
    make_signature(asking, answers=ANSWERS)
    asking.questions = []
    asking.save_revision().publish()
    make_signature(type(asking).objects.get(pk=asking.pk), email="b@example.org")
    first, second = table(SignatureResource([asking.petition]))
    assert first["Do you vote?"] == "From abroad"
    assert second["Do you vote?"] == ""


def test_answers_in_other_languages_have_the_labels_asked_for(asking, italian, make_signature):
    make_signature(asking, answers=ANSWERS)
    translated = asking.copy_for_translation(italian, copy_parents=True)
    raw = [{**question, "value": dict(question["value"])} for question in QUESTIONS]
    raw[0]["value"]["label"] = "Voti?"
    raw[0]["value"]["choices"] = [{"type": "item", "id": "abroad", "value": "Dall'estero"}]
    translated.questions = raw
    translated.save_revision().publish()
    make_signature(
        type(asking).objects.get(pk=translated.pk), email="b@example.org", answers=ANSWERS
    )
    english = table(SignatureResource([asking.petition], language="en"))
    assert [row["Do you vote?"] for row in english] == ["From abroad"] * 2
    italian = table(SignatureResource([asking.petition], language="it"))
    assert [row["Voti?"] for row in italian] == ["Dall'estero"] * 2


def test_several_petitions_are_named(page, make_page, make_signature):
    other = make_page(title="Open the archives")
    make_signature()
    make_signature(other)
    rows = table(SignatureResource([page.petition, other.petition]))
    assert [row["Petition"] for row in rows] == ["Stop separating families", "Open the archives"]


def test_columns_in_the_order_asked_for(asking, make_signature):
    make_signature(asking, answers=ANSWERS)
    resource = SignatureResource([asking.petition], columns=["country", "answers", "given_name"])
    [row] = table(resource)
    assert [*row][:2] == ["Country", "Do you vote?"]
    assert [*row][-1] == "First name"
    assert len(row) == 8


@pytest.mark.parametrize("count", [1, 5])
def test_queries_do_not_grow(page, make_signature, count, django_assert_num_queries):
    for number in range(count):
        make_signature(email=f"{number}@example.org")
    with django_assert_num_queries(4):  # the texts, the page in two, the rows
        resource = SignatureResource([page.petition])
        assert len(list(resource.get_rows(Signature.objects.all()))) == count


def test_the_fast_way_and_that_of_import_export_give_the_same(asking, make_signature):
    make_signature(asking, answers=ANSWERS)
    make_signature(asking, email="b@example.org", family_name="", country="", confirm=False)
    resource = SignatureResource(Petition.objects.all())
    slow = resource.export(Signature.objects.order_by("pk"))
    assert slow.headers == resource.get_export_headers()
    assert [list(row) for row in slow] == [
        [timezone.make_naive(v) if isinstance(v, datetime) else v for v in row]
        for row in resource.get_rows(Signature.objects.order_by("pk"))
    ]
    assert slow.xlsx
    assert slow.csv


def test_values_beside_a_row(page, make_signature):
    signature = make_signature()
    resource = SignatureResource([page.petition], columns=["given_name"])
    [(row, values)] = resource.get_rows_with(Signature.objects.all(), "pk", "country")
    assert row == ["Anna"]
    assert list(values) == [signature.pk, "IT"]


class WithInitials(SignatureResource):
    """A site's own: a column of import-export's plain kind, and a method in its way."""

    initials = Field(column_name="Initials")

    def dehydrate_initials(self, signature):
        return signature.given_name[0] + signature.family_name[0]

    def dehydrate_city(self, signature):
        return signature.city.upper()


class WithKey(SignatureResource):
    """A site's own, as fast as ours."""

    key = Column("Key", "email_key")


def test_a_site_adds_columns(settings, page, make_signature):
    make_signature(city="Roma")
    settings.WAGTAIL_PETITION = {"SIGNATURE_RESOURCE": f"{__name__}.WithInitials"}
    [row] = table(get_signature_resource(petitions=[page.petition]))
    assert row["Initials"] == "AM"
    assert row["City"] == "ROMA"
    settings.WAGTAIL_PETITION = {"SIGNATURE_RESOURCE": f"{__name__}.WithKey"}
    [row] = table(get_signature_resource(petitions=[page.petition]))
    assert row["Key"] == "anna@example.org"
