"""Make absolute URLs: for links in emails, links to share, canonical URLs.

A URL is a root (scheme, host, port), Django's script name (the path below which the site lives),
and the path of a view or page. Django stores the script name per thread and sets it in requests
only. The functions here give the same URL in a request, a thread, a worker and a command.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings as django_settings
from django.urls import NoReverseMatch, get_script_prefix, reverse, set_script_prefix
from django.utils.module_loading import import_string
from wagtail.admin.utils import get_admin_base_url
from wagtail.models import Site

from .conf import settings


class NoAddressError(Exception):
    """Neither the settings nor Wagtail's sites name the host of this site."""


def seen_script_name() -> str:
    """The script name of the current request, for storing; "" if there is none."""
    return get_script_prefix().rstrip("/")


@contextmanager
def script_name(stored: str = "") -> Iterator[None]:
    """Set the script name for ``reverse`` in this thread, until the context ends.

    The first that is set applies: ``FORCE_SCRIPT_NAME``, ``stored`` (from an earlier request), or
    the thread's own.
    """
    forced = django_settings.FORCE_SCRIPT_NAME
    before = get_script_prefix()
    if forced is not None or stored:
        set_script_prefix(stored if forced is None else forced)
    try:
        yield
    finally:
        set_script_prefix(before)


def root_url(page: Any = None, request: Any = None) -> str:
    """Scheme, host and port of our own views, without a trailing slash.

    The first that exists: ``BASE_URL``, the site of ``page``, the default or first site, the
    admin's base URL, the host of ``request``. Raises ``NoAddressError`` if there is none.
    """
    if settings.BASE_URL:
        return settings.BASE_URL.rstrip("/")
    site = page.get_site() if page is not None and page.pk else None
    site = site or Site.objects.order_by("-is_default_site", "pk").first()
    if site:
        return site.root_url
    if base := get_admin_base_url():
        return base.rstrip("/")
    if request is not None:
        return f"{request.scheme}://{request.get_host()}"
    raise NoAddressError(
        "There is no Wagtail site to make links from. Add one in Settings > Sites, or set "
        'WAGTAIL_PETITION["BASE_URL"].'
    )


def step_url(page: Any, name: str, *args: Any, request: Any = None, stored: str = "") -> str:
    """The absolute URL of one of our views, such as ``confirm``. Raises ``NoAddressError``."""
    with script_name(stored):
        return root_url(page, request) + reverse(f"wagtail_petition:{name}", args=args)


def frame_url(page: Any, request: Any = None, stored: str = "") -> str:
    """The absolute URL of the embedded form, in the language of ``page``."""
    address = step_url(page, "embed", page.petition_key, request=request, stored=stored)
    return f"{address}?{urlencode({'language': page.language})}"


def admin_url(name: str, *args: Any, stored: str = "") -> str:
    """The absolute URL of an admin view, by its full name. Raises ``NoAddressError``."""
    root = (get_admin_base_url() or "").rstrip("/") or root_url()
    with script_name(stored):
        return root + reverse(name, args=args)


def page_url(page: Any, request: Any = None, stored: str = "") -> str:
    """The absolute URL of ``page``, or "" if it has none.

    A page has no URL outside of all sites, or if neither Wagtail nor ``PAGE_URL`` serves it.
    """
    if settings.PAGE_URL:
        return _front_end_url(page)
    with script_name(stored):
        return page.get_full_url(request) or ""


def reachable_url(page: Any, request: Any = None, stored: str = "") -> str:
    """The absolute URL of the page, or else of the embedded form, where people can sign."""
    return page_url(page, request, stored) or frame_url(page, request, stored)


def page_link(page: Any, request: Any = None) -> str:
    """Like ``page_url``, but without the host if the page is on the site of ``request``."""
    if settings.PAGE_URL:
        return _front_end_url(page)
    return page.get_url(request) or ""


def home_link() -> str:
    """A link to the site's home page, for use in a response; "" if there is none."""
    try:
        return reverse("wagtail_serve", args=[""])
    except NoReverseMatch:
        parts = urlsplit(settings.PAGE_URL or "")
        return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""


def _front_end_url(page: Any) -> str:
    """The URL of ``page`` from the pattern or function in ``PAGE_URL``."""
    if "://" not in settings.PAGE_URL:
        return import_string(settings.PAGE_URL)(page) or ""
    path = _path_in_site(page)
    if not path:
        return ""
    return settings.PAGE_URL.format(
        path=path,
        slug=page.slug,
        language=page.locale.language_code,
        key=page.translation_key,
        id=page.pk,
    )


def _path_in_site(page: Any) -> str:
    """The path of ``page`` in its site, like "/petitions/families/"; "" outside of all sites."""
    for root in Site.get_site_root_paths():
        if page.pk and page.url_path.startswith(root.root_path):
            return "/" + page.url_path[len(root.root_path) :]
    return ""
