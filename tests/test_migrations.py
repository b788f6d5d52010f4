"""Migrations: complete, and fit for every Wagtail and Django we support."""

from pathlib import Path

import pytest
from django.core.management import call_command

import wagtail_petition

MIGRATIONS = Path(wagtail_petition.__file__).parent / "migrations"


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "wagtail_petition", "testapp", check=True, dry_run=True)


@pytest.mark.parametrize("path", sorted(MIGRATIONS.glob("0*.py")), ids=lambda p: p.stem)
def test_migration_runs_on_the_oldest_wagtail(path):
    # Wagtail 8 writes these into what it generates; 7.4 has neither.
    text = path.read_text(encoding="utf-8")
    assert "WAGTAIL_PAGE_MODEL" not in text
    assert "0098_" not in text
