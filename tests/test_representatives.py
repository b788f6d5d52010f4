"""Whom a signature goes to, by where its signer votes."""

import pytest

from wagtail_petition import jobs, representatives
from wagtail_petition.models import Representative

pytestmark = pytest.mark.django_db


@pytest.fixture
def congress(page):
    """Two senators and a member of the House for New York, and others."""
    people = [
        ("Ada", "US", "US-NY", ""),
        ("Bea", "US", "US-NY", ""),
        ("Cleo", "US", "US-NY", "12"),
        ("Dora", "US", "US-NY", "10"),
        ("Elsa", "US", "US-NJ", ""),
        ("Fay", "US", "", ""),
        ("Gwen", "GB", "", "Bristol West"),
    ]
    Representative.objects.bulk_create(
        Representative(
            petition=page.petition, name=name, country=country, region=region, district=district
        )
        for name, country, region, district in people
    )


def names(found):
    return [person.name for person in found]


def home(country, region="", district="", tie="votes_there"):
    return {
        "home_country": country,
        "home_region": region,
        "home_district": district,
        "home_tie": tie,
    }


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (home("US", "US-NY", "12"), ["Fay", "Ada", "Bea", "Cleo"]),
        (home("US", "US-NY"), ["Fay", "Ada", "Bea"]),
        (home("US", "US-CA", "12"), ["Fay"]),
        (home("US"), ["Fay"]),
        (home("US", tie="not_a_citizen"), []),
        (home("GB", district="bristol west"), ["Gwen"]),
        (home("GB"), []),
        ({}, []),
    ],
)
def test_of_a_signer(page, congress, make_signature, where, expected):
    assert names(representatives.for_signature(make_signature(**where))) == expected


def test_of_another_petition(page, make_page, congress, make_signature):
    signature = make_signature(make_page(title="Another"), **home("US", "US-NY", "12"))
    assert names(representatives.for_signature(signature)) == []


@pytest.mark.parametrize(
    ("constituency", "expected"),
    [
        (("US", "US-NY"), ["Ada", "Bea"]),
        (("US", "US-NY", "12"), ["Cleo"]),
        (("US",), ["Fay"]),
        (("GB", "", "Bristol west"), ["Gwen"]),
        (("US", "US-CA"), []),
    ],
)
def test_of_a_constituency(page, congress, constituency, expected):
    assert names(representatives.for_region(page.petition, *constituency)) == expected


@pytest.mark.parametrize(
    ("where", "constituency"),
    [
        (("US", "US-NY", "12"), "NY-12"),
        (("US", "US-NY", ""), "New York"),
        (("US", "", ""), "United States of America"),
        (("GB", "", "Bristol West"), "Bristol West"),
        (("XX", "XX-1", "7"), "7"),
    ],
)
def test_the_name_of_a_constituency(where, constituency):
    country, region, district = where
    person = Representative(country=country, region=region, district=district)
    assert person.constituency == constituency


def test_are_deleted_with_the_petitions_data(make_page, clock):
    page = make_page(closes_at=clock.now(), retention_months=12)
    Representative.objects.create(petition=page.petition, name="Ada", country="US")
    jobs.anonymise_ended()
    assert Representative.objects.exists()
    clock.forward(days=366)
    jobs.anonymise_ended()
    assert not Representative.objects.exists()
