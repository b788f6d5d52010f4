"""Tallies by day and home region, divided by the migration into two tables."""

import os
import uuid
from datetime import date

import pytest
from django.db.migrations.executor import MigrationExecutor

from . import database

BEFORE = [("wagtail_petition", "0051_recipients_accept")]
AFTER = [("wagtail_petition", "0053_home_ended_index")]
DAY, NEXT = date(2026, 5, 1), date(2026, 5, 2)
# (day, country, home region, count)
OLD = [
    *((DAY, "IT", "", 5), (DAY, "IT", "US-NY", 2), (DAY, "IT", "US-CA", 1)),
    *((NEXT, "IT", "US-NY", 4), (NEXT, "DE", "US-NY", 3)),
]


@pytest.fixture
def connection(django_db_setup, django_db_blocker, tmp_path):
    """A database of its own, as far as the migration before."""
    with django_db_blocker.unblock():
        made = database.create(f"test_tallies_{os.getpid()}", tmp_path)
        try:
            with database.in_use(made):
                MigrationExecutor(made).migrate(BEFORE)
                yield made
        finally:
            database.drop(made)


@pytest.fixture(autouse=True)
def _old_site():
    """Without the older site of this folder's other tests."""


def get_models(connection, targets):
    apps = MigrationExecutor(connection).loader.project_state(targets).apps
    return [apps.get_model("wagtail_petition", name) for name in ("Petition", "Tally", "HomeTally")]


def test_nothing_is_lost(connection):
    apps = MigrationExecutor(connection).loader.project_state(BEFORE).apps
    petition_model, tally_model = (
        apps.get_model("wagtail_petition", name) for name in ("Petition", "Tally")
    )
    voters, others = (petition_model.objects.create(key=uuid.uuid4()) for _ in range(2))
    for day, country, region, count in OLD:
        tally_model.objects.create(
            petition=voters,
            day=day,
            country=country,
            language="en",
            home_region=region,
            count=count,
        )
    kept = tally_model.objects.create(petition=others, day=DAY, language="en", count=7)
    MigrationExecutor(connection).migrate(AFTER)
    _petition, tallies, homes = get_models(connection, AFTER)
    found = tallies.objects.filter(petition=voters.pk).order_by("day", "country")
    assert list(found.values_list("day", "country", "count")) == [
        *((DAY, "IT", 8), (NEXT, "DE", 3), (NEXT, "IT", 4)),
    ]
    assert tallies.objects.get(petition=others.pk).pk == kept.pk
    found = homes.objects.order_by("home_region", "country")
    assert list(found.values_list("petition", "home_region", "country", "count")) == [
        *((voters.pk, "US-CA", "IT", 1), (voters.pk, "US-NY", "DE", 3)),
        (voters.pk, "US-NY", "IT", 6),
    ]
