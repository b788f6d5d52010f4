"""A site with its own base page can check, migrate, and collect signatures."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import wagtail

ROOT = Path(__file__).resolve().parent.parent

pytestmark = [
    pytest.mark.apart,
    pytest.mark.skipif(
        not wagtail.VERSION >= (8, 0),
        reason="before Wagtail 8, a site can't have its own base page",
    ),
]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run ``python -m …`` for the site, with its own database and page type's migrations."""
    folder = tmp_path_factory.mktemp("swapped")
    migrations = folder / "campaigns_migrations"
    migrations.mkdir()
    (migrations / "__init__.py").touch()
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT}:{folder}",
        "DJANGO_SETTINGS_MODULE": "tests.swapped.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
    }

    def run(*arguments):
        command = [sys.executable, "-W", "error", "-m", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    run("django", "makemigrations", "campaigns")
    return run


def test_nothing_is_wrong_with_it(run):
    assert "no issues" in run("django", "check")


def test_no_migration_is_missing(run):
    assert "No changes" in run("django", "makemigrations", "--check", "--dry-run")


def test_it_migrates(run):
    run("django", "migrate", "--verbosity=0")
    tables = run("django", "inspectdb", "--include-views")
    assert "class CampaignsCampaignpage" in tables
    assert "class WagtailPetitionSignature" in tables
    assert "class WagtailPetitionPetitionpage" not in tables


def test_people_sign_and_editors_see_it(run):
    alone = ("--noconftest", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly")
    told = run("pytest", "-q", *alone, "--ds=tests.swapped.settings", "tests/swapped/site_tests.py")
    assert "passed" in told
    assert "skipped" not in told
