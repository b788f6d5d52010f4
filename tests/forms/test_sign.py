"""The form: its fields, the values it accepts, and the data it returns."""

import datetime
import time

import pytest
from django import forms
from django.utils import translation
from wagtail.blocks import StreamValue

from wagtail_petition.forms.sign import MESSAGE_LENGTH, SignForm

pytestmark = pytest.mark.django_db

OPTIONAL = {f"ask_{name}": "optional" for name in ("postcode", "city", "region", "message")}

FIELDS = ["given_name", "family_name", "email", "country", "postcode", "city", "region", "message"]

# Stored as JSON with their ids, as the editor does it.
QUESTIONS = [
    {"type": "short_text", "id": "short", "value": {"label": "State?"}},
    {"type": "long_text", "id": "long", "value": {"label": "Why?"}},
    {
        "type": "one_choice",
        "id": "one",
        "value": {
            "label": "Abroad?",
            "shown_as": "radio",
            "choices": [
                {"type": "item", "id": "yes", "value": "Yes"},
                {"type": "item", "id": "no", "value": "No"},
            ],
        },
    },
    {
        "type": "several_choices",
        "id": "several",
        "value": {
            "label": "Help?",
            "choices": [
                {"type": "item", "id": "collect", "value": "Collect"},
                {"type": "item", "id": "translate", "value": "Translate"},
            ],
        },
    },
    {"type": "tick_box", "id": "tick", "value": {"label": "A citizen?"}},
    {"type": "number", "id": "number", "value": {"label": "How many years?"}},
    {"type": "date", "id": "date", "value": {"label": "Since when?"}},
]


def questions(*, required=False, only=None):
    """The field's value with the questions above."""
    from wagtail_petition.models import PetitionPage

    data = [
        {**q, "value": {**q["value"], "required": required}}
        for q in QUESTIONS
        if only is None or q["id"] == only
    ]
    return StreamValue(PetitionPage._meta.get_field("questions").stream_block, data, is_lazy=True)


ANSWERS = {
    "q_short": "Ohio",
    "q_long": "Because.\nAnd so.",
    "q_one": "yes",
    "q_several": ["collect", "translate"],
    "q_tick": "on",
    "q_number": "12",
    "q_date": "2018-06-26",
}
KEPT = {
    "short": "Ohio",
    "long": "Because.\nAnd so.",
    "one": "yes",
    "several": ["collect", "translate"],
    "tick": True,
    "number": 12,
    "date": "2018-06-26",
}


@pytest.fixture
def bound(page, form_data):
    """A form with what a person filled in."""

    def make(of=page, **changes):
        form = of.get_sign_form(as_posted(form_data(**changes)))
        form.full_clean()
        return form

    return make


def as_posted(data):
    from django.http import QueryDict

    posted = QueryDict(mutable=True)
    for name, value in data.items():
        posted.setlist(name, value if isinstance(value, list) else [value])
    return posted


# What it asks


def test_by_default_it_asks_little(page):
    assert list(page.get_sign_form().fields) == [
        *("given_name", "family_name", "email", "country"),
        *("consent", "show_name", "wants_news", "source"),
    ]


def test_the_editor_may_ask_more(make_page):
    form = make_page(**OPTIONAL).get_sign_form()
    assert list(form.fields)[4:8] == ["postcode", "city", "region", "message"]
    assert not any(form.fields[name].required for name in ("postcode", "city", "region"))


def test_the_editor_may_offer_less(make_page):
    form = make_page(ask_show_name=False, ask_news=False).get_sign_form()
    assert "show_name" not in form.fields
    assert "wants_news" not in form.fields


def test_nothing_is_ticked_at_first(page):
    form = page.get_sign_form()
    for name in ("consent", "show_name", "wants_news"):
        assert "checked" not in str(form[name])


def test_what_must_be_given_is_told_in_words_of_its_own(make_page, bound):
    page = make_page(
        ask_postcode="required", ask_city="required", ask_region="required", questions=questions()
    )
    errors = page.get_sign_form({}).errors
    assert {name: messages[0] for name, messages in errors.items()} == {
        "given_name": "Enter your first name.",
        "family_name": "Enter your last name.",
        "email": "Enter your email address.",
        "country": "Choose the country where you live.",
        "postcode": "Enter your postcode.",
        "city": "Enter your city.",
        "region": "Enter your state or region.",
        "consent": "Tick the box if you agree. We can’t accept your signature without your consent.",
    }


def test_a_single_name_where_the_editor_allows_it(make_page, bound):
    page = make_page(ask_family_name="optional")
    form = bound(page, given_name="Sukarno", family_name="")
    assert form.is_valid()
    assert form.personal_data["family_name"] == ""


# What it takes


@pytest.mark.parametrize(
    "name", ["O'Neill", "李小龍", "José Ángel", "محمد", "שָׁלוֹם", "Sukarno", "👩‍👧", "Łukasz"]
)
def test_names_are_taken_as_typed(bound, name):
    form = bound(given_name=name)
    assert form.is_valid(), form.errors
    assert form.personal_data["given_name"] == name


def test_decomposed_names_are_composed(bound):
    form = bound(given_name="Jose\u0301")
    assert form.is_valid()
    assert form.personal_data["given_name"] == "Jos\u00e9"


# {} stands for the field's name.
BAD_NAMES = {
    "": "Enter your first name.",
    "   ": "Enter your first name.",
    "\u200d": "Enter your first name.",
    "http://evil.example": "Leave web and email addresses out of “{}”.",
    "www.evil.example": "Leave web and email addresses out of “{}”.",
    "=1+1": "Start “{}” with a letter or a number.",
    "+39": "Start “{}” with a letter or a number.",
    "-1": "Start “{}” with a letter or a number.",
    "@x": "Start “{}” with a letter or a number.",
    "x" * 101: "Shorten “{}” to 100 characters or fewer.",
    "\u202eannA": "“{}” contains a character we can’t store. Please type it again.",
    "An\x00na": (
        "This contains a character we can’t store. Please type it again instead of pasting."
    ),
}


@pytest.mark.parametrize("name", BAD_NAMES, ids=lambda n: ascii(n[:20]))
def test_bad_name(bound, name):
    message = BAD_NAMES[name].format("First name")
    assert bound(given_name=name).errors == {"given_name": [message]}


def test_a_hundred_characters_are_taken(bound):
    assert bound(given_name="x" * 100).is_valid()
    assert bound(given_name="e\u0301" * 100).is_valid(), "counted as they are stored"


@pytest.mark.parametrize(
    "address", ["anna", "anna@", "anna@example", "a@b@example.org", "a,b@c.de"]
)
def test_bad_address(bound, address):
    (message,) = bound(email=address).errors["email"]
    assert "name@example.org" in message


def test_address_that_is_too_long(bound):
    (message,) = bound(email="a" * 250 + "@example.org").errors["email"]
    assert message == "Enter an email address of 254 characters or fewer."


def test_address_of_a_million_marks_is_no_burden(bound):
    assert "email" in bound(email="a" + "\u0301\u0323" * 500_000 + "@example.org").errors


@pytest.mark.parametrize("country", ["XX", "Italy", "it", "\x00", "IT "])
def test_unknown_country(bound, country):
    assert bound(country=country).errors == {"country": ["Choose a country from the list."]}


def test_countries_are_named_in_the_language_of_the_page(page):
    with translation.override("it"):
        assert ("DE", "Germania") in list(page.get_sign_form().fields["country"].choices)
    with translation.override("en"):
        assert ("DE", "Germany") in list(page.get_sign_form().fields["country"].choices)


def test_postcode_in_capitals(make_page, bound):
    page = make_page(ask_postcode="optional")
    assert bound(page, postcode=" sw1a  2aa ").personal_data["postcode"] == "SW1A 2AA"
    assert bound(page, postcode="-").personal_data["postcode"] == "-"
    (message,) = bound(page, postcode="1" * 21).errors["postcode"]
    assert message == "Shorten “Postcode” to 20 characters or fewer."
    assert 'maxlength="20"' in str(page.get_sign_form()["postcode"])


@pytest.mark.parametrize(
    ("field", "label"),
    [("postcode", "Postcode"), ("city", "City"), ("region", "State or region")],
)
def test_what_is_wrong_is_said_of_the_field_it_is_in(make_page, bound, field, label):
    page = make_page(**OPTIONAL)
    (message,) = bound(page, **{field: "www.evil.example"}).errors[field]
    assert message == f"Leave web and email addresses out of “{label}”."


def test_who_has_one_name_is_told_what_to_do(page, make_page, bound):
    help_text = "If you have only one name, enter “-” here."
    assert page.get_sign_form()["family_name"].help_text == help_text
    form = bound(page, given_name="Sukarno", family_name="-")
    assert form.personal_data["family_name"] == ""
    assert "family_name" in bound(page, given_name="Sukarno", family_name="").errors
    other = make_page(ask_family_name="optional")
    assert not other.get_sign_form()["family_name"].help_text


def test_who_shares_an_address_is_told_beforehand(page):
    assert "Each person who signs needs their own address." in str(
        page.get_sign_form()["email"].help_text
    )


HUGE = "x" * 2_000_000


@pytest.mark.parametrize("name", [*FIELDS, "source", "consent", "show_name", "wants_news"])
def test_megabytes_take_no_time_and_do_not_come_back(make_page, bound, name):
    page = make_page(**OPTIONAL)
    started = time.process_time()
    form = bound(page, **{name: HUGE})
    assert name in form.errors
    assert time.process_time() - started < 0.5
    assert len(str(form[name])) < 30_000


@pytest.mark.parametrize("name", [n for n in ANSWERS if n != "q_tick"])
def test_megabytes_in_an_answer_do_not_come_back(make_page, bound, name):
    form = bound(make_page(questions=questions()), **{name: HUGE})
    assert name in form.errors
    assert "xxx" not in form.errors[name][0]
    assert len(str(form[name])) < 30_000


def test_megabytes_in_a_field_of_the_sites_own_are_refused(page, form_data):
    form = PhoneForm(page, form_data(phone=HUGE))
    assert form.errors == {"phone": ["Shorten “Phone” to 20000 characters or fewer."]}


def test_message_is_counted_as_the_browser_counts(make_page, bound):
    page = make_page(ask_message="optional")
    lines = "\r\n".join(["x" * 99] * 10)
    assert bound(page, message=lines).personal_data["message"] == lines.replace("\r\n", "\n")
    (message,) = bound(page, message="x" * (MESSAGE_LENGTH + 1)).errors["message"]
    assert message == "Shorten your message to 1000 characters or fewer."


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("Poster-7", "poster-7"),
        ("", ""),
        ("<script>", ""),
        ("a b", ""),
        ("\x00", ""),
        ("x" * 500, "x" * 32),
        ("плакат", ""),
        ("-", ""),
    ],
)
def test_source_is_a_plain_word_or_nothing(bound, source, kept):
    form = bound(source=source)
    assert form.is_valid()
    assert form.personal_data["source"] == kept


@pytest.mark.parametrize("name", [*FIELDS, *(n for n in ANSWERS if n != "q_tick")])
def test_nul_in_any_field_is_an_error_beside_it(make_page, bound, name):
    page = make_page(questions=questions(), **OPTIONAL)
    form = bound(page, **{name: "a\x00b"})
    assert list(form.errors) == [name]


# Questions


def test_answers_are_kept_by_the_ids_of_blocks_and_choices(make_page, bound):
    form = bound(make_page(questions=questions()), **ANSWERS)
    assert form.is_valid(), form.errors
    assert form.personal_data["answers"] == KEPT


def test_what_is_not_answered_is_not_kept(make_page, bound):
    form = bound(make_page(questions=questions()))
    assert form.is_valid(), form.errors
    assert form.personal_data["answers"] == {"tick": False}


def test_zero_is_an_answer(make_page, bound):
    form = bound(make_page(questions=questions(only="number")), q_number="0")
    assert form.personal_data["answers"] == {"number": 0}


def test_questions_that_must_be_answered(make_page, bound):
    form = bound(make_page(questions=questions(required=True)))
    assert {name: messages[0] for name, messages in form.errors.items()} == {
        "q_short": "Answer “State?”.",
        "q_long": "Answer “Why?”.",
        "q_one": "Answer “Abroad?”.",
        "q_several": "Answer “Help?”.",
        "q_tick": "Tick “A citizen?” to continue.",
        "q_number": "Answer “How many years?”.",
        "q_date": "Answer “Since when?”.",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q_one", "maybe"),
        ("q_one", "Yes"),  # the words, not the id
        ("q_several", ["collect", "nothing"]),
        ("q_number", "twelve"),
        ("q_number", "1" * 5000),
        ("q_number", "1.5"),
        ("q_date", "2018-02-30"),
        ("q_date", "yesterday"),
        ("q_short", "x" * 201),
        ("q_long", "x" * 2001),
    ],
)
def test_bad_answer(make_page, bound, name, value):
    form = bound(make_page(questions=questions()), **{name: value})
    assert list(form.errors) == [name]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("q_one", "maybe", "Choose an answer from the list."),
        ("q_several", ["nothing"], "Choose an answer from the list."),
        ("q_number", "twelve", "Enter a whole number, like 12."),
        ("q_number", "1" * 5000, "Enter a smaller number."),
        ("q_number", "-" + "9" * 16, "Enter a larger number."),
        ("q_date", "yesterday", "Enter a date, like 2026-11-26."),
        ("q_short", "x" * 201, "Shorten your answer to 200 characters or fewer."),
        ("q_long", "x" * 2001, "Shorten your answer to 2000 characters or fewer."),
        (
            "q_short",
            "a\x00b",
            "This contains a character we can’t store. Please type it again instead of pasting.",
        ),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_what_is_wrong_with_an_answer_is_said_in_our_words(make_page, bound, name, value, message):
    form = bound(make_page(questions=questions()), **{name: value})
    assert form.errors == {name: [message]}


@pytest.mark.parametrize(
    ("language", "typed", "kept"), [("it", "10.000", 10000), ("en", "1,000", 1000)]
)
def test_numbers_as_people_write_them(make_page, bound, language, typed, kept):
    page = make_page(questions=questions(only="number"))
    with translation.override(language):
        form = bound(page, q_number=typed)
        assert form.personal_data["answers"] == {"number": kept}
        assert f'value="{typed}"' in str(form["q_number"])


def test_long_answer_is_counted_as_the_browser_counts(make_page, bound):
    lines = "\r\n".join(["x" * 99] * 20)
    form = bound(make_page(questions=questions(only="long")), q_long=lines)
    assert form.is_valid(), form.errors
    assert form.personal_data["answers"]["long"] == lines.replace("\r\n", "\n")


@pytest.mark.parametrize(("language", "typed"), [("it", "26/06/2018"), ("en", "2018-06-26")])
def test_dates_as_people_write_them(make_page, bound, language, typed):
    page = make_page(questions=questions(only="date"))
    with translation.override(language):
        form = bound(page, q_date=typed)
        assert form.is_valid(), form.errors
    assert form.personal_data["answers"] == {"date": datetime.date(2018, 6, 26).isoformat()}


def test_answers_are_the_same_in_every_language(make_page, italian, bound):
    page = make_page(questions=questions())
    translated = page.copy_for_translation(italian, copy_parents=True)
    for question in translated.questions:
        question.value["label"] = f"In italiano: {question.value['label']}"
        for choice in getattr(question.value.get("choices"), "bound_blocks", []):
            choice.value = "Sì"
    translated.save_revision().publish()
    translated = type(page).objects.get(pk=translated.pk)
    assert translated.questions[2].value["choices"][0] == "Sì"
    forms_filled = [bound(of, **ANSWERS) for of in (page, translated)]
    assert [f.personal_data["answers"] for f in forms_filled] == [KEPT, KEPT]


def test_answers_read_in_the_words_of_the_text_signed(make_page, make_signature):
    page = make_page(questions=questions())
    signature = make_signature(of=page, answers=KEPT)
    described = signature.signed_text.describe(signature.answers)
    assert [(label, str(answer)) for label, answer in described] == [
        ("State?", "Ohio"),
        ("Why?", "Because.\nAnd so."),
        ("Abroad?", "Yes"),
        ("Help?", "Collect, Translate"),
        ("A citizen?", "Yes"),
        ("How many years?", "12"),
        ("Since when?", "2018-06-26"),
    ]


# A form of the site's own


class PhoneForm(SignForm):
    phone = forms.CharField(label="Phone", required=False)
    born = forms.IntegerField(required=False)


def test_fields_of_a_subclass_come_before_the_consent_and_are_kept(page, form_data):
    form = PhoneForm(page, form_data(phone="555", born="1980"))
    names = list(form.fields)
    assert names.index("country") < names.index("phone") < names.index("consent")
    assert form.is_valid()
    assert form.personal_data["answers"] == {"phone": "555", "born": 1980}
