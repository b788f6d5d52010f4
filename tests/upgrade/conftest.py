"""The older site after its upgrade, an hour after its last row was written."""

import os
import shutil
from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

from wagtail_petition.models import Petition, PetitionPage

from . import database


@pytest.fixture(scope="session")
def upgraded_database(django_db_setup, django_db_blocker, tmp_path_factory):
    """A connection to a database of the upgraded site; the suite's own is left alone."""
    with django_db_blocker.unblock():
        made = database.create(f"test_upgrade_{os.getpid()}", tmp_path_factory.mktemp("upgrade"))
        try:
            with database.in_use(made):
                database.make_old_site(made)
                database.upgrade()
            with django_db_blocker.block():
                yield made
        finally:
            database.drop(made)


@pytest.fixture(scope="module")
def upgraded(upgraded_database):
    """The upgraded site's database is the one in use. What a test changes is rolled back."""
    with database.in_use(upgraded_database):
        yield


@pytest.fixture(autouse=True)
def _old_site(upgraded, db, clock, settings, tmp_path):
    clock.stop(datetime.fromisoformat(database.DATA["made_at"]) + timedelta(hours=1))
    settings.MEDIA_ROOT = tmp_path / "media"
    shutil.copytree(database.OLD_SITE / "petition_files", tmp_path / "petition_files")


@pytest.fixture
def petition():
    """The petition that most have signed."""
    return Petition.objects.get(title="Stop separating families")


@pytest.fixture
def pages():
    """Its pages: {language: page}."""
    return {page.locale.language_code: page for page in PetitionPage.objects.all()}


@pytest.fixture
def boss(client):
    """The client, logged in as the older site's administrator."""
    client.force_login(get_user_model().objects.get(username="boss"))
    return client
