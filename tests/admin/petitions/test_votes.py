"""Where signers vote: the dashboard's table, the list to be delivered by state, and its CSV."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from wagtail_petition import ledger
from wagtail_petition.admin.petitions.votes import get_region_rows, get_residences
from wagtail_petition.delivery import build, lifecycle
from wagtail_petition.models import Delivery, Petition, PetitionPage, Signature

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def people(page, make_signature):
    """Seven vote in New York, of whom six live in Italy; two in California; one doesn't say."""
    page.home_country = "US"
    page.save_revision().publish()
    page = PetitionPage.objects.get(pk=page.pk)
    states = [*["NY"] * 7, *["CA"] * 2, ""]
    for i, state in enumerate(states):
        make_signature(
            page,
            given_name=f"Anna{i}",
            email=f"anna{i}@example.org",
            country="DE" if i == 0 else "IT",
            home_country="US" if state else "",
            home_region=f"US-{state}" if state else "",
            home_district="12" if state else "",
        )
    return Petition.objects.get(pk=page.petition.pk)


@pytest.fixture
def hand_over(people):
    def make(delivered=True, **filters):
        delivery = Delivery.objects.create(
            petition=people,
            last_number=people.last_number,
            recipient="Senator Jane Roe",
            language="en",
            columns=["number"],
            formats=["csv"],
            only_new=False,
            filters=filters,
        )
        build.build_queued()
        delivery.refresh_from_db()
        if delivered:
            lifecycle.mark_delivered(delivery, delivered_on=date(2026, 5, 4))
        return delivery

    return make


def rows(petition):
    return {
        row.code: (row.signatures, row.delivered, row.undelivered, row.ready)
        for row in get_region_rows(petition)
    }


def test_what_was_delivered_is_no_longer_to_be(people, hand_over):
    assert rows(people) == {"US-NY": (7, 0, 7, 0), "US-CA": (2, 0, 2, 0)}
    hand_over(home_regions=["US-NY"])
    hand_over(delivered=False, home_districts=[["US", "US-CA", "12"]])
    assert rows(people) == {"US-NY": (7, 7, 0, 0), "US-CA": (2, 0, 2, 2)}
    # Twice the same is once delivered, and everybody's delivery isn't one for a state.
    hand_over(home_regions=["US-NY"])
    hand_over()
    assert rows(people)["US-NY"] == (7, 7, 0, 0)
    assert rows(people)["US-CA"][1] == 0


def test_withdrawing_later_leaves_nothing_to_be_delivered(people, hand_over):
    hand_over(home_regions=["US-NY"])
    ledger.withdraw(Signature.objects.get(given_name="Anna1"))
    assert rows(people)["US-NY"] == (6, 6, 0, 0)


def test_the_list_and_its_csv(log_in, viewer, people, hand_over):
    hand_over(home_regions=["US-NY"])
    client = log_in(viewer)
    listed = client.get(reverse("petitions:votes", args=[people.pk])).content.decode()
    assert "2 signatures are still to be delivered" in listed
    assert "May 4, 2026" in listed or "4 May 2026" in listed
    answer = client.get(reverse("petitions:votes_csv", args=[people.pk]))
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["Code"], row["To be delivered"], row["Last delivery"]) for row in table] == [
        ("US-CA", "2", ""),
        ("US-NY", "0", "2026-05-04"),
    ]
    assert table[1]["Recipient"] == "Senator Jane Roe"


def test_districts_are_counted_in_the_background(log_in, viewer, people):
    ledger.count_breakdown(people, [])
    listed = log_in(viewer).get(reverse("petitions:votes", args=[people.pk])).content.decode()
    assert "NY-12" in listed
    assert "CA-12" in listed


def test_small_numbers_are_hidden_without_permission(people):
    seen = get_residences(people, hides_small=False)
    assert seen.columns == ["Votes in", "Italy", "Germany", "Total"]
    assert seen.rows == [("New York", ["6", "1", "7"]), ("California", ["2", "–", "2"])]
    hidden = get_residences(people, hides_small=True)
    assert hidden.columns == ["Votes in", "Italy", "Germany"]
    assert hidden.rows == [("New York", ["6", "under 5"]), ("California", ["under 5", "–"])]


def test_the_dashboard_shows_the_table(log_in, viewer, people):
    shown = log_in(viewer).get(reverse("petitions:dashboard", args=[people.pk])).content.decode()
    assert "Where people live and vote" in shown
    assert reverse("petitions:votes", args=[people.pk]) in shown
