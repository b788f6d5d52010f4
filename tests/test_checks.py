"""System checks of settings, URLs and the database."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import checks
from django.db import connections
from django.test import override_settings

from wagtail_petition import checks as own
from wagtail_petition.checks import (
    check_catalogues,
    check_countries,
    check_databases,
    check_home_schemes,
    check_settings,
    check_urls,
)

ROOT = Path(__file__).resolve().parent.parent


def ids(messages):
    return [m.id for m in messages]


def test_a_right_installation_has_nothing_to_say():
    found = checks.run_checks()
    # But that the base template of the test site is as bare as can be.
    assert [m.id for m in found if (m.id or "").startswith("wagtail_petition.")] == [
        "wagtail_petition.W010"
    ]


@override_settings(WAGTAIL_PETITION={"COLOUR": "blue"})
def test_unknown_setting():
    (message,) = check_settings(None)
    assert message.id == "wagtail_petition.E001"
    assert "COLOUR" in message.msg


@pytest.mark.parametrize("path", ["none.such", "django.db.models.Model"])
def test_schemes_that_are_none(path):
    with override_settings(WAGTAIL_PETITION={"HOME_SCHEMES": {"CH": path}}):
        (message,) = check_home_schemes(None)
    assert message.id == "wagtail_petition.E015"
    assert "CH" in message.msg


@override_settings(WAGTAIL_PETITION={"BASE_TEMPLATE": "layouts/none.html"})
def test_base_template_that_is_not_there():
    (message,) = check_settings(None)
    assert message.id == "wagtail_petition.E002"
    assert "layouts/none.html" in message.msg
    assert "content" in message.hint


@override_settings(ROOT_URLCONF="wagtail.admin.urls")
def test_urls_not_included():
    (message,) = check_urls(None)
    assert message.id == "wagtail_petition.E003"
    assert "include" in message.hint


def test_catalogues_without_symbolic_links(monkeypatch, tmp_path):
    monkeypatch.setattr(own, "__file__", str(tmp_path / "checks.py"))
    (tmp_path / "locale").write_text("../locale")
    assert ids(check_catalogues(None)) == ["wagtail_petition.E004"]


def test_countries_without_their_catalogues(monkeypatch):
    monkeypatch.setattr(own.apps, "is_installed", lambda name: name != "django_countries")
    assert ids(check_countries(None)) == ["wagtail_petition.W002"]


def test_unsupported_database(monkeypatch):
    monkeypatch.setattr(connections["default"], "vendor", "mysql")
    (message,) = check_databases(None, databases=["default"])
    assert message.id == "wagtail_petition.E005"
    assert "PostgreSQL" in message.hint


def test_a_sqlite_that_is_too_old(monkeypatch):
    connection = connections["default"]
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setattr(connection.features, "can_return_columns_from_insert", False)
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"transaction_mode": "IMMEDIATE"})
    (message,) = check_databases(None, databases=["default"])
    assert message.id == "wagtail_petition.E006"
    assert "3.35" in message.hint


@pytest.mark.parametrize(
    ("options", "expected"),
    [({"transaction_mode": "IMMEDIATE"}, []), ({}, ["wagtail_petition.W001"])],
)
def test_sqlite_without_immediate_transactions(monkeypatch, options, expected):
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    monkeypatch.setitem(connections["default"].settings_dict, "OPTIONS", options)
    assert ids(check_databases(None, databases=["default"])) == expected


@pytest.mark.parametrize("address", ["https://petitions.example.org", "http://localhost:8080"])
def test_the_deployed_example_has_nothing_to_say(address):
    """In a process of its own, since settings are read once."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "website.deployed",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "example_project"), str(ROOT), *sys.path]),
        "SECRET_KEY": "only-for-tests-but-of-the-length-that-a-real-one-has-0123456789",
        "BASE_URL": address,
        "HSTS_DOMAIN": "1",
        "DATABASE_URL": "postgres://petitions@127.0.0.1/petitions",
        "REDIS_URL": "redis://127.0.0.1/0",
        "EMAIL_HOST": "mail.example.org",
    }
    # Set where browser tests run in this process too, and no deployment's.
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    command = [sys.executable, "-W", "ignore", "-m", "django", "check", "--deploy"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = set(re.findall(r"\((\w+\.W\d+)\)", done.stderr))
    without_https = {f"security.{name}" for name in ("W004", "W008", "W012", "W016")}
    assert found == (set() if address.startswith("https") else without_https)
