"""``clean_up_regions``: a preview, then codes for what names a region exactly."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from wagtail_petition.delivery import build
from wagtail_petition.models import Delivery, PetitionLogEntry, Signature

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


REGIONS = [
    ("US", "N.Y."),
    ("US", "new york"),
    ("US", "Nueva York"),
    ("US", "upstate NY"),
    ("US", "US-NY"),
    ("IT", "N.Y."),
    ("", "Ohio"),
]


@pytest.fixture
def people(page, make_signature):
    for i, (country, region) in enumerate(REGIONS):
        make_signature(page, email=f"p{i}@example.org", country=country, region=region)
    page.petition.refresh_from_db()
    return page.petition


def regions():
    return list(Signature.objects.order_by("pk").values_list("country", "region"))


CLEAN = [("US", "US-NY")] * 3 + REGIONS[3:]


def test_shows_first_and_changes_nothing(people, capsys):
    call_command("clean_up_regions", str(people.pk))
    said = capsys.readouterr().out
    assert "1  N.Y. (US) → US-NY" in said
    assert "upstate" not in said
    assert "(IT)" not in said
    assert regions() == REGIONS


def test_changes_exact_names_only_and_logs_it(people, capsys):
    call_command("clean_up_regions", str(people.pk), "--apply")
    assert regions() == CLEAN
    entry = PetitionLogEntry.objects.get(action="wagtail_petition.clean_up_regions")
    assert entry.data == {"changed": 3, "kept": 0}
    assert entry.message == ("Replaced the typed state or region of 3 signatures with its code")
    people.refresh_from_db()
    assert people.breakdown.regions["US-NY"] == 4
    call_command("clean_up_regions", str(people.pk), "--apply")
    assert "Nothing to change" in capsys.readouterr().out


def deliver(petition, **fields):
    return Delivery.objects.create(
        **{
            "petition": petition,
            "last_number": 1,
            "recipient": "Jane Doe",
            "language": "en",
            "columns": ["number", "region"],
            "formats": ["csv"],
            **fields,
        }
    )


def test_what_a_delivery_shows_stays(people, capsys):
    deliver(people)
    build.build_queued()
    call_command("clean_up_regions", str(people.pk), "--apply")
    assert regions() == [REGIONS[0], *CLEAN[1:]]
    assert "1 stays as it is: a delivery shows it so." in capsys.readouterr().out
    entry = PetitionLogEntry.objects.get(action="wagtail_petition.clean_up_regions")
    assert entry.message == (
        "Replaced the typed state or region of 2 signatures with its code. "
        "1 stays as typed, because a delivery shows it"
    )


def test_the_history_of_the_site_tells_it(people, client, superuser):
    call_command("clean_up_regions", str(people.pk), "--apply")
    client.force_login(superuser)
    html = client.get(reverse("wagtailadmin_reports:site_history")).content.decode()
    assert "Replaced the typed state or region of 3 signatures with its code" in html
    assert "Clean up states or regions" in html


def test_waits_for_deliveries_that_are_being_prepared(people):
    deliver(people)
    with pytest.raises(CommandError, match="being prepared"):
        call_command("clean_up_regions", str(people.pk), "--apply")
    assert regions() == REGIONS
