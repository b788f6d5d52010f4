"""System checks of deployments: each problem is reported, with what to do."""

import io
import sys
import types

import pytest
from django.core.management import call_command
from django.test import override_settings
from wagtail.models import Site

from wagtail_petition import deployment_checks
from wagtail_petition.deployment_checks import (
    check_addresses,
    check_base_template,
    check_private_folder,
    check_private_storage,
    check_proxies,
    check_secret_key,
    check_sender,
    check_sites,
)


def ids(messages):
    return [m.id.removeprefix("wagtail_petition.") for m in messages]


# The base template


@pytest.fixture
def base(settings, tmp_path):
    """Let the site's base template be this, with others beside it."""
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path]},
    ]

    def write(text, **others):
        for name, content in {"own_base": text, **others}.items():
            (tmp_path / f"{name}.html").write_text(content)
        settings.WAGTAIL_PETITION = {"BASE_TEMPLATE": "own_base.html"}

    return write


CONTENT = "{% block content %}{% endblock %}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"<title>x</title>{CONTENT}", ["W010"]),
        ("<title>x</title>{% block main %}{% endblock %}", ["E010"]),
        (f"{{% load petition_public_tags %}}{{% petition_head %}}{CONTENT}", []),
        (f"{{% if 1 %}}{{% block extra_css %}}{{% endblock %}}{{% endif %}}{CONTENT}", []),
        (f"{{% block head %}}{{% endblock %}}{CONTENT}", []),
        # What is put together while a page is shown can't be judged.
        ("{% extends layout %}", []),
    ],
)
def test_base_template(base, text, expected):
    base(text)
    found = check_base_template(None)
    assert ids(found) == expected
    if expected == ["W010"]:
        assert "petition_head" in found[0].hint


@pytest.mark.parametrize(
    ("head", "expected"),
    [("{% load petition_public_tags %}{% petition_head %}", []), ("<title>x</title>", ["W010"])],
)
def test_base_template_in_parts(base, head, expected):
    base('{% extends "layout.html" %}', layout=f'{{% include "head.html" %}}{CONTENT}', head=head)
    assert ids(check_base_template(None)) == expected


# Addresses


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, []),
        ({"BASE_URL": "https://api.example.org"}, []),
        ({"BASE_URL": "https://api.example.org/"}, []),
        ({"BASE_URL": "https://example.org/org"}, ["E011"]),
        ({"BASE_URL": "api.example.org"}, ["E011"]),
        ({"PAGE_URL": "https://example.org/{language}{path}"}, []),
        ({"PAGE_URL": "tests.test_sites.front_end"}, []),
        ({"PAGE_URL": "tests.test_sites.nothing"}, ["E012"]),
        ({"PAGE_URL": "https://example.org/{number}"}, ["E012"]),
        ({"PAGE_URL": "https://example.org/{language}/"}, ["E012"]),
        ({"PAGE_URL": "https://example.org"}, ["E012"]),
        ({"PAGE_URL": "https://example.org/{path"}, ["E012"]),
    ],
)
def test_addresses(settings, own, expected):
    settings.WAGTAIL_PETITION = own
    assert ids(check_addresses(None)) == expected


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("hostname", "port", "https", "expected"),
    [
        ("localhost", 80, False, ["W011"]),
        ("localhost", 8080, False, []),
        ("example.org", 443, True, []),
        ("example.org", 80, True, ["W012"]),
        ("example.org", 80, False, []),
    ],
)
def test_sites(settings, hostname, port, https, expected):
    settings.SESSION_COOKIE_SECURE = https
    Site.objects.update(hostname=hostname, port=port)
    assert ids(check_sites(None, databases=["default"])) == expected


def test_sites_are_not_asked_for_unless_the_database_may_be(django_db_blocker):
    assert check_sites(None) == []
    assert check_sites(None, databases=["other"]) == []


# Emails and limits


@pytest.mark.parametrize(
    ("settings_", "expected"),
    [
        ({"DEFAULT_FROM_EMAIL": "webmaster@localhost"}, ["W013"]),
        ({"DEFAULT_FROM_EMAIL": "The site <petitions@server>"}, ["W013"]),
        ({"DEFAULT_FROM_EMAIL": "The site <petitions@example.org>"}, []),
        (
            {
                "DEFAULT_FROM_EMAIL": "webmaster@localhost",
                "WAGTAIL_PETITION": {"FROM_EMAIL": "petitions@example.org"},
            },
            [],
        ),
    ],
)
def test_sender(settings_, expected):
    with override_settings(**settings_):
        assert ids(check_sender(None)) == expected


@pytest.mark.parametrize(
    ("settings_", "expected"),
    [
        ({}, []),
        ({"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}, ["W014"]),
        ({"USE_X_FORWARDED_HOST": True}, ["W014"]),
        ({"USE_X_FORWARDED_HOST": True, "WAGTAIL_PETITION": {"TRUSTED_PROXIES": 1}}, []),
    ],
)
def test_proxies(settings_, expected):
    with override_settings(**settings_):
        assert ids(check_proxies(None)) == expected


def test_secret_key(settings, monkeypatch):
    assert check_secret_key(None) == []
    settings.SECRET_KEY = "django-insecure-1234"
    (found,) = check_secret_key(None)
    assert found.id == "wagtail_petition.W015"
    assert "SECRET_KEY_FALLBACKS" in found.hint


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("SECRET_KEY = get_random_secret_key()", ["W015"]),
        ('SECRET_KEY = os.environ.get("SECRET_KEY", secrets.token_urlsafe(50))', ["W015"]),
        ('SECRET_KEY = os.environ["SECRET_KEY"]', []),
    ],
)
def test_secret_key_made_at_each_start(settings, monkeypatch, line, expected):
    made = types.ModuleType("own_settings")
    settings.SECRET_KEY = made.SECRET_KEY = "x" * 50
    monkeypatch.setitem(sys.modules, "own_settings", made)
    monkeypatch.setattr(deployment_checks.inspect, "getsource", lambda module: f"{line}\n")
    assert ids(check_secret_key(None)) == expected


# Files


def test_private_folder(settings):
    (found,) = check_private_folder(None)
    assert found.id == "wagtail_petition.W016"
    assert "petition_files" in found.msg
    settings.WAGTAIL_PETITION = {"PRIVATE_STORAGE": "private"}
    assert check_private_folder(None) == []


@pytest.mark.parametrize(
    ("folder", "expected"),
    [("private", []), ("media/private", ["E014"]), ("static", ["E014"])],
)
def test_private_storage(settings, tmp_path, folder, expected):
    settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path / "media", tmp_path / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / folder},
        },
    }
    settings.WAGTAIL_PETITION = {"PRIVATE_STORAGE": "private"}
    assert ids(check_private_storage(None)) == expected


def test_private_storage_that_is_not_there(settings):
    settings.WAGTAIL_PETITION = {"PRIVATE_STORAGE": "nowhere"}
    assert ids(check_private_storage(None)) == ["E013"]


@pytest.mark.usefixtures("home")
def test_they_run_where_they_should():
    """Not before the database may be asked, nor for sites that are not on the internet."""
    said = io.StringIO()
    # The suite's settings are no deployment's, which Django may call an error.
    options = {"deploy": True, "databases": ["default"], "fail_level": "CRITICAL"}
    call_command("check", **options, stdout=said, stderr=said)
    assert {"W011", "W016"} <= {
        word for word in said.getvalue().replace(")", ".").split(".") if word[:2] == "W0"
    }
    said = io.StringIO()
    call_command("check", stdout=said, stderr=said)
    assert "W011" not in said.getvalue()
    assert "W016" not in said.getvalue()
