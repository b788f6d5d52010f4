"""The filter by delivered signatures: in the list, in exports and in bulk actions."""

import re
from datetime import date
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from wagtail_petition import jobs, ledger
from wagtail_petition.delivery import build, lifecycle, marking
from wagtail_petition.models import Delivery, PetitionLogEntry, Signature

LIST = reverse("petition_signatures:index") + "?status="


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def people(make_signature):
    """Three from Italy and one from Spain, and an attempt."""
    countries = {"Anna": "IT", "Bruno": "IT", "Carmen": "ES", "Dora": "IT", "Emil": "IT"}
    return {
        name: make_signature(
            given_name=name,
            family_name="",
            email=f"{name}@example.org",
            country=country,
            confirm=name != "Emil",
        )
        for name, country in countries.items()
    }


@pytest.fixture
def deliver(page, django_capture_on_commit_callbacks):
    """Make a delivery up to a number and hand it over; more arguments are its fields."""

    def deliver(last_number, hand_over=True, **fields):
        delivery = Delivery.objects.create(
            petition=page.petition,
            last_number=last_number,
            **{"recipient": "Jane Doe", "language": "en", "columns": ["number"], **fields},
        )
        build.build_queued()
        delivery.refresh_from_db()
        if hand_over:
            with django_capture_on_commit_callbacks(execute=True):
                lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3))
        return delivery

    return deliver


def listed(client, **asked):
    html = client.get(LIST, asked).content.decode()
    return set(re.findall(r"<bdi>([^<]*)</bdi>", html))


def test_nothing_is_delivered_before_it_is_handed_over(log_in, viewer, people, deliver):
    deliver(4, hand_over=False)
    client = log_in(viewer)
    assert listed(client, delivered="true") == set()
    assert listed(client, delivered="false") == set(people)
    assert listed(client) == set(people)


def test_a_range(log_in, viewer, people, deliver):
    deliver(2)
    client = log_in(viewer)
    assert listed(client, delivered="true") == {"Anna", "Bruno"}
    assert listed(client, delivered="false") == {"Carmen", "Dora", "Emil"}
    assert listed(client, delivered="false", status="confirmed") == {"Carmen", "Dora"}
    assert listed(client, delivered="true", q="anna") == {"Anna"}


def test_of_a_range_with_filters_those_who_were_in_it(log_in, viewer, people, deliver):
    deliver(4, filters={"countries": ["ES"]})
    client = log_in(viewer)
    assert listed(client, delivered="true") == {"Carmen"}
    deliver(2, filters={"countries": ["IT"]}, recipient="Li Wei")
    assert listed(client, delivered="true") == {"Anna", "Bruno", "Carmen"}


def test_who_changes_afterwards_stays_delivered(log_in, viewer, people, page, deliver):
    ledger.invalidate([people["Anna"].pk], petition=page.petition)
    deliver(4)
    ledger.restore([people["Anna"].pk], petition=page.petition)
    ledger.invalidate([people["Bruno"].pk], petition=page.petition)
    client = log_in(viewer)
    assert listed(client, delivered="true") == {"Bruno", "Carmen", "Dora"}
    assert listed(client, delivered="false", status="confirmed") == {"Anna"}


def test_nobody_of_another_petition_with_the_same_number(
    log_in, superuser, people, deliver, other_page, make_signature
):
    make_signature(other_page, given_name="Zoe", family_name="", email="zoe@example.org")
    deliver(4)
    assert "Zoe" not in listed(log_in(superuser), delivered="true")


@pytest.mark.parametrize(("value", "word"), [("true", "Yes"), ("false", "No")])
def test_the_list_says_in_words_what_it_is_filtered_by(log_in, viewer, people, value, word):
    html = log_in(viewer).get(LIST, {"delivered": value}).content.decode()
    [pill] = re.findall(r"<button[^>]*w-pill__content[^>]*>(.*?)</button>", html, re.S)
    assert re.sub(r"<[^>]*>|\s", "", pill) == f"Delivered:{word}"


def test_export(log_in, exporter, people, deliver):
    deliver(2)
    url = f"{reverse('petition_signatures:export')}?delivered=false&status=confirmed"
    response = log_in(exporter).post(url, {"format": "csv", "columns": ["given_name"]})
    rows = b"".join(response.streaming_content).decode("utf-8-sig").split()
    assert rows[-2:] == ["Carmen", "Dora"]
    entry = PetitionLogEntry.objects.get(action="wagtail_petition.export")
    assert entry.data["filter"] == {"delivered": "false", "status": "confirmed"}


def test_bulk_action(log_in, manager, people, deliver):
    deliver(2)
    address = reverse("wagtail_bulk_action", args=["wagtail_petition", "signature", "invalidate"])
    query = urlencode({"id": "all", "delivered": "false"})
    log_in(manager).post(f"{address}?{query}", {"reason": "Test"})
    struck = Signature.objects.filter(status=Signature.Status.INVALIDATED)
    assert {signature.given_name for signature in struck} == {"Carmen", "Dora"}


def test_the_marks_are_made_up_for_when_they_were_interrupted(
    log_in, viewer, people, deliver, monkeypatch
):
    done = []

    def fail_at_the_second(numbers, *, petition):
        if done:
            raise ConnectionError
        done.append(mark(numbers, petition=petition))

    monkeypatch.setattr(marking, "SIGNATURES_AT_ONCE", 1)
    mark = ledger.mark_delivered
    with monkeypatch.context() as broken:
        broken.setattr(ledger, "mark_delivered", fail_at_the_second)
        with pytest.raises(ConnectionError):
            deliver(3)
    client = log_in(viewer)
    assert listed(client, delivered="true") == {"Anna"}
    jobs.work_off()
    assert listed(client, delivered="true") == {"Anna", "Bruno", "Carmen"}
