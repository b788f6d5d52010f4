"""Splitting by where the signers vote: complete, disjoint, for those who represent them."""

from datetime import UTC, datetime

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wagtail_petition.delivery import constituencies, selection
from wagtail_petition.delivery.breakdowns import Breakdowns
from wagtail_petition.delivery.membership import Members
from wagtail_petition.delivery.pdf import letter_data
from wagtail_petition.delivery.split import get_part, pieces
from wagtail_petition.models import Delivery, Representative, Signature

pytestmark = pytest.mark.django_db

HOMES = [
    {},
    {"home_country": "US"},
    {"home_country": "US", "home_tie": "not_a_citizen"},
    *(
        {"home_country": "US", "home_region": f"US-{state}", "home_district": district}
        for state, district in [
            *(("NY", "12"), ("NY", "01"), ("NY", ""), ("AK", "00"), ("PR", "00")),
            *(("CA", "12"), ("CA", "")),
        ]
    ),
    *(
        {"home_country": "GB", "home_district": name}
        for name in ("Hackney North", "hackney north ", "HACKNEY  NORTH", "Leeds")
    ),
    {"home_country": "FR", "home_region": "FR-ZZ08"},
]


def home(state, district="", **fields):
    region = f"US-{state}"
    return {"home_country": "US", "home_region": region, "home_district": district, **fields}


NOW = datetime(2026, 5, 1, tzinfo=UTC)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "home_country": st.sampled_from(["US", "GB", "FR", ""]),
            "home_region": st.sampled_from(["US-NY", "US-CA", "US-AK", "FR-ZZ08", ""]),
            "home_district": st.sampled_from(["", "12", "00", "Bath", "BATH ", "Straße", "strasse"])
            | st.text("aA b.", max_size=4),
            "country": st.sampled_from(["IT", "DE"]),
            "status": st.sampled_from(["confirmed", "confirmed", "withdrawn"]),
        }
    ),
    max_size=40,
)


@pytest.mark.parametrize("most", [700, 2], ids=["all", "joined"])
@given(
    people=PEOPLE,
    filters=st.sampled_from([{}, {"countries": ["IT"]}]),
    by=st.sampled_from(["home_region", "home_district"]),
)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_parts_are_disjoint_and_together_the_whole(
    page, signed, monkeypatch, most, people, filters, by
):
    monkeypatch.setattr("wagtail_petition.delivery.split.DISTRICTS", most)
    [first] = Signature.objects.filter(number=1) or signed("Anna")
    Signature.objects.filter(number__gt=1).delete()
    Signature.objects.bulk_create(
        Signature(
            petition=page.petition,
            signed_text=first.signed_text,
            language="en",
            number=number,
            signed_at=NOW,
            confirmed_at=NOW,
            **person,
        )
        for number, person in enumerate(people, start=2)
    )
    whole = Delivery(
        petition=page.petition,
        last_number=len(people) + 1,
        recipient="Jane Doe",
        language="en",
        filters=filters,
    )
    found = pieces(whole, by)
    parts = [
        list(selection.deliverable(get_part(whole, piece, "")).values_list("number", flat=True))
        for piece in found
    ]
    assert [len(part) for part in parts] == [piece.signatures for piece in found]
    # A list: a number in two parts would be in it twice.
    delivered = sorted(number for part in parts for number in part)
    assert delivered == sorted(selection.deliverable(whole).values_list("number", flat=True))


def test_the_files_of_the_parts_hold_the_whole(signed, make_delivery):
    signed(*({"given_name": "Anna", **fields} for fields in HOMES))
    whole = make_delivery()
    for by in ("home_region", "home_district"):
        found = pieces(make_delivery(made=False), by)
        built = [make_delivery(filters=each.filters, recipient=each.label) for each in found]
        assert [part.count for part in built] == [piece.signatures for piece in found]
        numbers = [number for part in built for number in Members(part.members)]
        assert sorted(numbers) == list(Members(whole.members))
        assert len({piece.label for piece in found}) == len(found)


def test_a_part_is_named_in_the_delivery_s_language(signed, make_delivery):
    signed(home("NY", "12"), home("NY", "12"), home("CA"), {})
    delivery = make_delivery(made=False)
    assert [(piece.label, piece.signatures) for piece in pieces(delivery, "home_region")] == [
        *(("New York", 2), ("California", 1), ("No region", 1))
    ]
    assert [(piece.label, piece.signatures) for piece in pieces(delivery, "home_district")] == [
        *(("NY-12", 2), ("No district", 2))
    ]
    delivery.language = "es"
    with translation.override("it"):
        labels = [piece.label for piece in pieces(delivery, "home_region")]
    assert labels[0] == "Nueva York"


def test_a_code_that_the_scheme_lost_is_still_a_part(signed, make_delivery):
    signed(home("XX", "99"))
    [piece] = pieces(make_delivery(made=False), "home_district")
    assert (piece.label, piece.signatures) == ("XX-99", 1)


def test_representatives_are_the_recipients_of_their_part(page, signed, make_delivery):
    signed(home("NY", "12"), home("CA", "12"))
    for name, office, district in [
        ("Jane Roe", "Senator", ""),
        ("John Doe", "Senator", ""),
        ("Ann Poe", "Representative", "12"),
    ]:
        Representative.objects.create(
            petition=page.petition,
            country="US",
            region="US-NY",
            district=district,
            name=name,
            office=office,
        )
    delivery = make_delivery(made=False)
    for by, expected in [
        ("home_region", {"New York": "Senator Jane Roe, Senator John Doe", "California": ""}),
        ("home_district", {"NY-12": "Representative Ann Poe", "CA-12": ""}),
    ]:
        assert {
            piece.label: constituencies.get_recipients(page.petition, piece.filters)
            for piece in pieces(delivery, by)
        } == expected


def test_representatives_are_not_named_in_part(page):
    filters = {"home_regions": ["US-NY"]}
    for name in ("Jane Roe", "Z" * 195):
        Representative.objects.create(
            petition=page.petition, country="US", region="US-NY", name=name
        )
    assert constituencies.get_recipients(page.petition, filters) == ""


def test_the_letter_says_how_many_vote_there(page, signed, make_delivery):
    signed(home("NY", "12"), home("NY"), home("CA"), {})
    delivery = make_delivery(made=False)
    page.petition.refresh_from_db()
    said = {}
    for by in ("home_region", "home_district"):
        for piece in pieces(delivery, by):
            part = get_part(delivery, piece, "Jane Doe")
            part.cover_letter = "{voters}"
            letter = letter_data(part, page, count=1, breakdowns=[], manifest_sha256="0", logos={})
            assert letter["cover_letter"] == [constituencies.describe_voters(part)]
            said[piece.label] = dict(letter["figures"]).get("Where they vote")
    assert said == {
        "New York": "4 signers, of whom 2 vote in New York",
        "California": "4 signers, of whom 1 votes in California",
        "NY-12": "4 signers, of whom 1 votes in NY-12",
        "No region": None,
        "No district": None,
    }


def test_the_letter_has_a_table_of_where_people_live_and_vote(signed, make_delivery):
    people = signed(home("NY"), home("NY"), home("CA", country="DE"), {})
    breakdowns = Breakdowns(make_delivery(made=False))
    for person in people:
        breakdowns.add(person.country.name, person.home_region)
    _title, heads, rows = list(breakdowns.tables())[1]
    assert heads == ["Lives in", "Votes in"]
    assert rows == [("Italy", "New York", 2), ("Germany", "California", 1)]


def test_its_pdf_can_be_made(signed, make_delivery):
    signed(home("NY"), home("CA", country="DE"))
    delivery = make_delivery(formats=["pdf"], filters={"home_regions": ["US-NY"]})
    assert (delivery.state, delivery.count) == ("ready", 1)
