"""System checks of settings, URLs and the database."""

from pathlib import Path

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

from .conf import DEFAULTS, settings
from .extras import has_extra
from .home.registry import get_scheme

SUPPORTED_VENDORS = {"postgresql", "sqlite"}


@register()
def check_settings(app_configs, **kwargs):
    """Check for unknown settings, a missing base template and missing extras."""
    try:
        settings.reload()
        for name in DEFAULTS:
            getattr(settings, name)
        get_template(settings.BASE_TEMPLATE)
    except ImproperlyConfigured as error:
        return [Error(str(error), id="wagtail_petition.E001")]
    except TemplateDoesNotExist:
        return [
            Error(
                f"The template {settings.BASE_TEMPLATE!r} was not found.",
                hint="Petition pages extend your site's base template. Name it in "
                'WAGTAIL_PETITION["BASE_TEMPLATE"]; it needs a block named "content".',
                id="wagtail_petition.E002",
            )
        ]
    if settings.ALTCHA and not has_extra("altcha"):
        return [
            Error(
                'WAGTAIL_PETITION["ALTCHA"] is on, but altcha is not installed.',
                hint='Nobody could sign. Run: pip install "wagtail-petition[altcha]"',
                id="wagtail_petition.E007",
            )
        ]
    return []


@register()
def check_home_schemes(app_configs, **kwargs):
    """Check that the site's schemes of where people vote can be imported."""
    problems: list[CheckMessage] = []
    try:
        own = settings.HOME_SCHEMES
    except ImproperlyConfigured:
        # Another check reports it.
        own = {}
    for country in own:
        try:
            get_scheme(country)
        except (ImportError, ImproperlyConfigured) as error:
            problems.append(
                Error(
                    f'WAGTAIL_PETITION["HOME_SCHEMES"]["{country}"] can\'t be used: {error}',
                    hint="Name a subclass of wagtail_petition.home.scheme.HomeScheme.",
                    id="wagtail_petition.E015",
                )
            )
    return problems


@register()
def check_urls(app_configs, **kwargs):
    """Check that our URLs are included, since the form posts to them."""
    try:
        reverse("wagtail_petition:sign", args=[1])
    except NoReverseMatch:
        return [
            Error(
                "The URLs of wagtail_petition are not included.",
                hint='Add path("petitions/", include("wagtail_petition.urls")) to your urls.py, '
                "before Wagtail's own line.",
                id="wagtail_petition.E003",
            )
        ]
    return []


@register()
def check_catalogues(app_configs, **kwargs):
    """Check that ``locale`` isn't a text file, as in a checkout without symbolic links."""
    if not (Path(__file__).parent / "locale").is_dir():
        return [
            Error(
                "wagtail_petition/locale is not a folder, so no translation can be found.",
                hint="The checkout was made without symbolic links. Run: "
                "git config core.symlinks true && git checkout -- wagtail_petition/locale",
                id="wagtail_petition.E004",
            )
        ]
    return []


@register()
def check_countries(app_configs, **kwargs):
    """Check that django-countries is installed, for the translated names of countries."""
    if not apps.is_installed("django_countries"):
        return [
            Warning(
                "The names of countries stay in English.",
                hint='Add "django_countries" to INSTALLED_APPS.',
                id="wagtail_petition.W002",
            )
        ]
    return []


@register()
def check_databases(app_configs, databases=None, **kwargs):
    """Check that databases support conditional unique constraints and RETURNING.

    They ensure one signature per address, and give its number.
    """
    problems: list[CheckMessage] = []
    for alias in databases or ["default"]:
        connection = connections[alias]
        # Django has this feature flag for INSERT only. It is the same for UPDATE.
        if connection.vendor == "sqlite" and not connection.features.can_return_columns_from_insert:
            problems.append(
                Error(
                    "This SQLite is too old for wagtail_petition.",
                    hint="Use a Python whose sqlite3.sqlite_version is 3.35 or later, or PostgreSQL.",
                    id="wagtail_petition.E006",
                )
            )
        if connection.vendor not in SUPPORTED_VENDORS:
            problems.append(
                Error(
                    f"wagtail_petition does not support {connection.display_name}.",
                    hint="Use PostgreSQL or SQLite: the others lack conditional unique "
                    "constraints, which keep one person from signing twice.",
                    id="wagtail_petition.E005",
                )
            )
        elif connection.vendor == "sqlite":
            options = connection.settings_dict.get("OPTIONS", {})
            if options.get("transaction_mode") != "IMMEDIATE":
                problems.append(
                    Warning(
                        "SQLite is used with deferred transactions.",
                        hint='People who sign at the same moment may get "database is locked". Set '
                        'OPTIONS = {"transaction_mode": "IMMEDIATE", '
                        '"init_command": "PRAGMA journal_mode=WAL"}.',
                        id="wagtail_petition.W001",
                    )
                )
    return problems
