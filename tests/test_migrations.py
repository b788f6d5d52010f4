"""Migrations: complete, and fit for every Wagtail and Django we support."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

import wagtail_petition
from wagtail_petition.identity.hashing import address_hash
from wagtail_petition.migrations import _ready_page
from wagtail_petition.models import BlockRule

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


@pytest.mark.parametrize("path", sorted(MIGRATIONS.glob("0*.py")), ids=lambda p: p.stem)
def test_migration_runs_where_the_base_page_is_the_sites_own(path, monkeypatch):
    # There, PetitionPage does not exist.
    monkeypatch.setattr(_ready_page, "PAGE_IS_SWAPPED", True)
    module = import_module(f"wagtail_petition.migrations.{path.stem}")
    operations = module.Migration(path.stem, "wagtail_petition").operations
    left = [o for o in operations if _ready_page.concerns_ready_page(o)]
    assert not left, "base this Migration on _ready_page.Migration, as 0001_initial is"


def test_a_site_without_its_own_base_page_has_the_ready_page_type():
    operations = (
        import_module("wagtail_petition.migrations.0001_initial")
        .Migration("0001_initial", "wagtail_petition")
        .operations
    )
    assert [o for o in operations if _ready_page.concerns_ready_page(o)]


@pytest.mark.django_db
def test_addresses_in_block_rules_become_hashes():
    module = import_module("wagtail_petition.migrations.0007_rules_without_persons")
    BlockRule.objects.create(kind="address", value="dora@example.org")
    BlockRule.objects.create(kind="domain", value="spam.example")
    module.hash_addresses(apps, None)
    module.hash_addresses(apps, None)
    assert list(BlockRule.objects.values_list("value", "hint")) == [
        (address_hash("dora@example.org"), "d…@example.org"),
        ("spam.example", ""),
    ]
