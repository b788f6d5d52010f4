"""Filters, columns and counts of the list by where people vote."""

import pytest
from django.urls import reverse

from wagtail_petition.models import PetitionPage

from .test_list import COUNTS, LIST, names

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(page, make_signature):
    page.home_country = "US"
    page.save_revision().publish()
    page = PetitionPage.objects.get(pk=page.pk)
    for name, state, district, tie in [
        ("Anna", "NY", "12", "votes_there"),
        ("Bruno", "NY", "", "lived_there"),
        ("Carla", "CA", "12", "votes_there"),
        ("Dora", "", "", "not_a_citizen"),
    ]:
        make_signature(
            page,
            given_name=name,
            family_name="M",
            email=f"{name}@example.org",
            home_country="US",
            home_region=f"US-{state}" if state else "",
            home_district=district,
            home_tie=tie,
        )


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"home_region": "US-NY"}, {"Anna M", "Bruno M"}),
        ({"home_district": "NY-12"}, {"Anna M"}),
        ({"home_district": "ny-12"}, {"Anna M"}),
        ({"home_district": "12"}, {"Anna M", "Carla M"}),
        ({"home_tie": "not_a_citizen"}, {"Dora M"}),
        ({"home_region": "US-NY", "home_tie": "votes_there"}, {"Anna M"}),
        ({"home_region": "nonsense"}, set()),
    ],
)
def test_filters(log_in, viewer, people, filters, expected):
    found = log_in(viewer).get(LIST, {"status": "confirmed", **filters})
    assert set(names(found)) == expected


def test_counts_by_state_come_from_tallies(log_in, viewer, people):
    counts = log_in(viewer).get(COUNTS, {"status": "confirmed", "home_region": "US-NY"}).json()
    assert counts["tabs"]["confirmed"] == "2"


def test_columns_name_the_place(log_in, viewer, people):
    client = log_in(viewer)
    client.post(LIST, {"columns": ["home_region", "home_district", "home_tie"]})
    listed = client.get(LIST, {"status": "confirmed"}).content.decode()
    for text in ("New York", "NY-12", "Votes there"):
        assert text in listed.partition("<tbody")[2]


def test_petitions_that_dont_ask_have_no_such_filters(log_in, viewer, make_signature):
    make_signature()
    listed = log_in(viewer).get(LIST, {"status": "confirmed"}).content.decode()
    assert 'name="home_' not in listed


def test_inspecting_says_where_they_vote(log_in, viewer, people, page):
    anna = page.petition.signatures.get(given_name="Anna")
    seen = log_in(viewer).get(reverse("petition_signatures:inspect", args=[anna.pk]))
    assert "NY-12" in seen.content.decode()
