"""System checks for deployment problems that would show only later.

Checks that need the database run with ``check --database default``, checks of public sites with
``check --deploy``.
"""

import inspect
import re
import sys
from email.utils import parseaddr
from pathlib import Path
from string import Formatter
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import InvalidStorageError, storages
from django.db import connections
from django.template import TemplateDoesNotExist
from django.utils.module_loading import import_string
from wagtail.models import Site

from .conf import settings
from .storage import private_storage
from .template_blocks import UnknownTemplateError, get_blocks

# Blocks of a base template that our pages fill with their metadata.
HEAD_BLOCKS = {"head", "extra_head", "extra_css"}
PLACEHOLDERS = {"path", "slug", "language", "key", "id"}
MADE_AT_START = re.compile(
    r"^\s*SECRET_KEY\s*=.*(get_random_secret_key|get_random_string|urandom|token_|uuid4|random\.)",
    re.MULTILINE,
)


def _set(name):
    """The value of our setting, or None if settings are invalid, which another check reports."""
    try:
        return getattr(settings, name)
    except ImproperlyConfigured:
        return None


# Pages


@register(Tags.templates)
def check_base_template(app_configs, **kwargs):
    """Check that the base template has blocks for the content and for the metadata."""
    try:
        names, has_tag = get_blocks(_set("BASE_TEMPLATE") or "base.html")
    except (TemplateDoesNotExist, AttributeError, UnknownTemplateError):
        # Missing (E002), not a Django template, or it extends a template named by a variable.
        return []
    if "content" not in names:
        return [
            Error(
                f'The template {_set("BASE_TEMPLATE")!r} has no block named "content".',
                hint="Petition pages would be empty. Add {% block content %}{% endblock %}.",
                id="wagtail_petition.E010",
            )
        ]
    if not has_tag and not names & HEAD_BLOCKS:
        return [
            Warning(
                "Petition pages have no canonical address, and no title and picture where they "
                "are shared.",
                hint="Add {% load petition_public_tags %}{% petition_head %} to the <head> of "
                f"{_set('BASE_TEMPLATE')!r}; or a block named head, extra_head or extra_css.",
                id="wagtail_petition.W010",
            )
        ]
    return []


# Addresses


@register(Tags.urls)
def check_addresses(app_configs, **kwargs):
    """Check that BASE_URL and PAGE_URL are valid."""
    problems = []
    base, where = urlsplit(_set("BASE_URL") or ""), _set("PAGE_URL") or ""
    if _set("BASE_URL") and (not base.scheme or not base.netloc or base.path.strip("/")):
        problems.append(
            Error(
                f'WAGTAIL_PETITION["BASE_URL"] is {_set("BASE_URL")!r}.',
                hint='Give scheme and host alone, as in "https://api.example.org". A path '
                "belongs in FORCE_SCRIPT_NAME.",
                id="wagtail_petition.E011",
            )
        )
    if where and not _is_understood(where):
        problems.append(
            Error(
                f'WAGTAIL_PETITION["PAGE_URL"] is {where!r}.',
                hint="Give the dotted path of a function that takes a page, or a pattern with "
                'one of {path}, {slug}, {language}, {key}, {id}, as in "https://example.org{path}".',
                id="wagtail_petition.E012",
            )
        )
    return problems


def _is_understood(where):
    if "://" not in where:
        try:
            return callable(import_string(where))
        except ImportError:
            return False
    try:
        fields = {name for _text, name, _spec, _conversion in Formatter().parse(where) if name}
    except ValueError:
        return False
    return bool(fields - {"language"}) and fields <= PLACEHOLDERS


@register(Tags.database, deploy=True)
def check_sites(app_configs, databases=None, **kwargs):
    """Check the host names of Wagtail's sites, since links in emails start with them."""
    if "default" not in (databases or []) or _set("BASE_URL"):
        return []
    if Site._meta.db_table not in connections["default"].introspection.table_names():
        return []
    problems = []
    for site in Site.objects.all():
        if (site.hostname, site.port) == ("localhost", 80):
            problems.append(
                Warning(
                    "Links in emails lead to http://localhost.",
                    hint="Set host and port of the site in Wagtail's admin, under Settings > "
                    "Sites: port 443 makes https.",
                    obj=site,
                    id="wagtail_petition.W011",
                )
            )
        elif site.port != 443 and _uses_https():
            problems.append(
                Warning(
                    f"Links in emails start with {site.root_url}, though the site uses https.",
                    hint="Set the port to 443 in Wagtail's admin, under Settings > Sites.",
                    obj=site,
                    id="wagtail_petition.W012",
                )
            )
    return problems


def _uses_https():
    return django_settings.SECURE_SSL_REDIRECT or django_settings.SESSION_COOKIE_SECURE


# Emails and limits


@register(deploy=True)
def check_sender(app_configs, **kwargs):
    """Check the sender's domain. Mail servers refuse or drop emails from unknown domains."""
    address = parseaddr(_set("FROM_EMAIL") or django_settings.DEFAULT_FROM_EMAIL)[1]
    host = address.rpartition("@")[2]
    if "." in host and not host.endswith(".localhost"):
        return []
    return [
        Warning(
            f"Emails come from {address}.",
            hint="Set DEFAULT_FROM_EMAIL to an address of a domain that your mail server may send "
            "for.",
            id="wagtail_petition.W013",
        )
    ]


@register(Tags.security)
def check_proxies(app_configs, **kwargs):
    """Check TRUSTED_PROXIES. Without it, all visitors behind a proxy share one limit."""
    behind_a_proxy = (
        django_settings.SECURE_PROXY_SSL_HEADER
        or django_settings.USE_X_FORWARDED_HOST
        or django_settings.USE_X_FORWARDED_PORT
    )
    if not behind_a_proxy or _set("TRUSTED_PROXIES") != 0:
        return []
    return [
        Warning(
            "The site stands behind a proxy, and all its visitors share one limit for signing.",
            hint='Set WAGTAIL_PETITION["TRUSTED_PROXIES"] to the number of your proxies, and let '
            "the outermost send X-Forwarded-For.",
            id="wagtail_petition.W014",
        )
    ]


@register(Tags.security, deploy=True)
def check_secret_key(app_configs, **kwargs):
    """Check that SECRET_KEY is permanent. A new key breaks links and undoes opt-outs."""
    key = django_settings.SECRET_KEY
    if key.startswith("django-insecure-"):
        said = "SECRET_KEY is the one that startproject wrote into the settings."
    elif any(MADE_AT_START.search(source) for source in _sources_with_key(key)):
        said = "SECRET_KEY changes at each start."
    else:
        return []
    return [
        Warning(
            said,
            hint="It stands for the addresses that want no more email: keep one key, secret, "
            "outside of the code. Name earlier ones in SECRET_KEY_FALLBACKS.",
            id="wagtail_petition.W015",
        )
    ]


def _sources_with_key(key):
    """Yield the source of the modules that hold the settings' key."""
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get("SECRET_KEY") == key:
            try:
                yield inspect.getsource(module)
            except (OSError, TypeError):  # No source, as in a compiled module.
                continue


# Files


@register(Tags.files, deploy=True)
def check_private_folder(app_configs, **kwargs):
    """Check where deliveries and exports are stored: they must outlive a container."""
    if _set("PRIVATE_STORAGE"):
        return []
    return [
        Warning(
            f"Files with signatures are kept in {private_storage().location}.",
            hint="On a server, name a folder or bucket that is backed up, outlives the container "
            'and is not part of the code: a key of STORAGES in WAGTAIL_PETITION["PRIVATE_STORAGE"].',
            id="wagtail_petition.W016",
        )
    ]


@register(Tags.files)
def check_private_storage(app_configs, **kwargs):
    """Check that the private storage isn't public."""
    alias = _set("PRIVATE_STORAGE")
    if not alias:
        return []
    try:
        location = getattr(storages[alias], "location", None)
    except InvalidStorageError as error:
        return [
            Error(
                str(error),
                hint='WAGTAIL_PETITION["PRIVATE_STORAGE"] names a key of STORAGES.',
                id="wagtail_petition.E013",
            )
        ]
    handed_out = [django_settings.MEDIA_ROOT, django_settings.STATIC_ROOT]
    if location and any(
        Path(location).resolve().is_relative_to(Path(folder).resolve())
        for folder in handed_out
        if folder
    ):
        return [
            Error(
                f"Files with signatures are kept in {location}, which web servers hand out.",
                hint="Choose a folder outside of MEDIA_ROOT and STATIC_ROOT.",
                id="wagtail_petition.E014",
            )
        ]
    return []
