"""Tables of representatives: as published, and as people make them."""

import io
import json

import pytest

from wagtail_petition.imports.reading import Unreadable
from wagtail_petition.imports.representatives import read, store
from wagtail_petition.models import Representative

pytestmark = pytest.mark.django_db

# The columns of legislators-current.csv, with invented people.
CSV = """last_name,first_name,middle_name,suffix,nickname,full_name,birthday,gender,type,state,\
district,senate_class,party,url,address,phone,contact_form,bioguide_id
Doe,Ada,,,,Ada Doe,1950-01-01,F,sen,NY,,1,Independent,,"1 Hart Building, Washington DC 20510",,,D1
Roe,Bea,,,,Bea Roe,1951-01-01,F,rep,NY,12,,Independent,,2 Longworth Building,,,R1
Poe,Cleo,,,,Cleo Poe,1952-01-01,F,rep,AK,0,,Independent,,,,,P1
Low,Dora,,,,Dora Low,1953-01-01,F,rep,PR,0,,Independent,,,,,L1
"""


def legislator(official, first, last, *terms):
    return {
        "id": {"bioguide": "X000001"},
        "name": {"first": first, "last": last, "official_full": official},
        "bio": {"birthday": "1950-01-01"},
        "terms": list(terms),
    }


JSON = [
    legislator(
        "Ada Doe",
        "Ada",
        "Doe",
        {"type": "rep", "state": "NY", "district": 3, "address": "Old"},
        {
            "type": "sen",
            "state": "NY",
            "class": 1,
            "address": "1 Hart Building, Washington DC 20510",
        },
    ),
    legislator(
        "Bea Roe",
        "Bea",
        "Roe",
        {"type": "rep", "state": "NY", "district": 12, "address": "2 Longworth Building"},
    ),
    legislator(None, "Cleo", "Poe", {"type": "rep", "state": "AK", "district": 0}),
    legislator("Dora Low", "Dora", "Low", {"type": "rep", "state": "PR", "district": 0}),
]
CONGRESS = [
    ("Senator", "Ada Doe", "US-NY", "", "1 Hart Building, Washington DC 20510"),
    ("Representative", "Bea Roe", "US-NY", "12", "2 Longworth Building"),
    ("Representative", "Cleo Poe", "US-AK", "00", ""),
    ("Representative", "Dora Low", "US-PR", "00", ""),
]


@pytest.fixture
def asking(make_page):
    """The petition of a page that asks where people vote in a country."""

    def asking(country="US"):
        return make_page(home_country=country, ask_home_region="optional").petition

    return asking


def read_text(text, petition):
    return read(io.BytesIO(text.encode()), petition)


def told(people):
    return [(p.office, p.name, p.region, p.district, p.address) for p in people]


@pytest.mark.parametrize("text", [CSV, json.dumps(JSON)], ids=["csv", "json"])
def test_congress_legislators_as_published(asking, text):
    reading = read_text(text, asking())
    assert reading.errors == []
    assert told(reading.people) == CONGRESS


def test_a_pasted_table(asking):
    reading = read_text(
        "Office\tName\tState\tDistrict\tEmail\n"
        "Senator\tAda Doe\tNew York\t\tada@example.org\n"
        "Representative\tBea Roe\t\tNY-12\t\n"
        "Diputada\tCleo Poe\tNueva York\t3rd\t\n",
        asking(),
    )
    assert reading.errors == []
    assert [(p.region, p.district, p.email) for p in reading.people] == [
        ("US-NY", "", "ada@example.org"),
        ("US-NY", "12", ""),
        ("US-NY", "03", ""),
    ]


def test_headings_in_italian(asking):
    reading = read_text("Nome;Circoscrizione\nAda Doe;Europa\nBea Roe;IT-B\n", asking("IT"))
    assert reading.errors == []
    assert [(p.name, p.region) for p in reading.people] == [
        ("Ada Doe", "IT-A"),
        ("Bea Roe", "IT-B"),
    ]


def test_headings_as_the_admin_names_them_in_german(asking):
    reading = read_text("Name;Bundesland oder Region;Wahlbezirk\nAda Doe;NY;12\n", asking("US"))
    assert reading.errors == []
    assert [(p.region, p.district) for p in reading.people] == [("US-NY", "12")]


def test_constituencies_that_are_typed(asking):
    reading = read_text("Name,Constituency\nAda Doe,Bristol West\n", asking("GB"))
    assert [(p.region, p.district) for p in reading.people] == [("", "Bristol West")]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",NY,,", "The name is missing."),
        ("Ada,,,", "Say which constituency"),
        ("Ada,Naples,,", "“Naples” is no state or region"),
        ("Ada,AE,,", "military and diplomatic mail"),
        ("Ada,NY,27,", "“27” is no district"),
        ("Ada,NY,,ada@", "valid email"),
        (f"{'A' * 201},NY,,", "longer than 200"),
    ],
)
def test_rows_that_are_wrong(asking, row, message):
    reading = read_text(f"Name,State,District,Email\nBea,NJ,,\n{row}\n", asking())
    assert [p.name for p in reading.people] == ["Bea"]
    [(number, why)] = reading.errors
    assert (number, message in why) == (3, True)


def test_the_same_person_twice(asking):
    reading = read_text("Name,State\nAda,NY\nAda,New York\n", asking())
    assert [number for number, _why in reading.errors] == [3]


def test_a_table_without_names(asking):
    with pytest.raises(Unreadable, match="No column holds the names"):
        read_text("State,District\nNY,12\n", asking())


def test_a_newer_file_updates_and_replaces(asking):
    petition = asking()
    first = store(petition, read_text(CSV, petition).people)
    assert (first.added, first.changed, first.deleted) == (4, 0, 0)
    petition.representatives.filter(name="Ada Doe").update(email="ada@example.org")
    newer = CSV.replace("2 Longworth", "3 Longworth").replace("Poe,Cleo,,,,Cleo", "Poe,Eve,,,,Eve")
    second = store(petition, read_text(newer, petition).people, replaces=True)
    assert (second.added, second.changed, second.deleted) == (1, 1, 1)
    found = {p.name: p for p in Representative.objects.all()}
    assert set(found) == {"Ada Doe", "Bea Roe", "Eve Poe", "Dora Low"}
    # What was typed in stays where the file says nothing.
    assert found["Ada Doe"].email == "ada@example.org"
    assert found["Bea Roe"].address == "3 Longworth Building"


def test_another_spelling_is_the_same_person(asking):
    petition = asking()
    store(petition, read_text("name,office,state\nJane Doe,Senator,NY\n", petition).people)
    shouted = "name,state,email\nJANE  DOE,NY,jane@example.org\nJane Doe,CA,\n"
    stored = store(petition, read_text(shouted, petition).people)
    assert (stored.added, stored.changed) == (1, 1)
    assert stored.respelled == [("Jane Doe", "JANE  DOE")]
    person = Representative.objects.get(region="US-NY")
    assert (person.name, person.office) == ("JANE  DOE", "Senator")
    assert person.email == "jane@example.org"


def test_one_of_two_spellings_that_were_both_listed_is_replaced(asking):
    petition = asking()
    for name in ("Jane Doe", "JANE DOE"):
        Representative.objects.create(petition=petition, country="US", region="US-NY", name=name)
    table = read_text("name,state,office\nJANE DOE,NY,Senator\n", petition)
    stored = store(petition, table.people, replaces=True)
    assert (stored.added, stored.changed, stored.deleted, stored.respelled) == (0, 1, 1, [])
    assert str(Representative.objects.get()) == "Senator JANE DOE"


def test_two_spellings_in_one_table(asking):
    reading = read_text("name,state\nJane Doe,NY\njane  doe,NY\n", asking())
    assert reading.errors == [(3, "This person is in the table twice.")]


def test_those_of_other_petitions_stay(asking, make_page):
    petition, other = asking(), make_page(home_country="US").petition
    Representative.objects.create(petition=other, country="US", name="Zoe")
    store(petition, read_text(CSV, petition).people, replaces=True)
    assert other.representatives.count() == 1
