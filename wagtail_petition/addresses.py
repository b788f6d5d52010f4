"""Every address that leaves this package: links in emails, links to share, canonical addresses.

An address is a root (scheme, host, port), the path below which the whole site lives (Django's
script name) and the path of a view or page. Django keeps the script name per thread and sets it
for requests alone; what is made here is the same in a thread, a worker and a command.
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
    """Nothing says at which host this installation is reached."""


def seen_script_name() -> str:
    """The script name of the request that this thread answers, to be stored; "" for none."""
    return get_script_prefix().rstrip("/")


@contextmanager
def script_name(stored: str = "") -> Iterator[None]:
    """Let ``reverse`` know in this thread below which path the site lives.

    ``FORCE_SCRIPT_NAME`` decides. Without it ``stored`` holds, which a request has seen; and
    without that, what the thread knows itself.
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
    """Scheme, host and port at which our own views answer, without a slash at the end.

    ``BASE_URL``; else the site of ``page``; for a page outside of any site the default site, the
    only one, the admin's address, or where ``request`` came in. Raises NoAddressError if there is
    none of these.
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
    """The address of one of our views, such as ``confirm``; raises NoAddressError."""
    with script_name(stored):
        return root_url(page, request) + reverse(f"wagtail_petition:{name}", args=args)


def frame_url(page: Any, request: Any = None, stored: str = "") -> str:
    """The address of the form alone, in ``page``'s language: what other sites frame."""
    address = step_url(page, "embed", page.petition_key, request=request, stored=stored)
    return f"{address}?{urlencode({'language': page.language})}"


def admin_url(name: str, *args: Any, stored: str = "") -> str:
    """The address of a view of the admin, by its full name; raises NoAddressError."""
    root = (get_admin_base_url() or "").rstrip("/") or root_url()
    with script_name(stored):
        return root + reverse(name, args=args)


def page_url(page: Any, request: Any = None, stored: str = "") -> str:
    """The public address of ``page``, with scheme and host; "" if it has none.

    A page has none outside of any site, and where Wagtail serves no pages unless ``PAGE_URL``
    says where they are.
    """
    if settings.PAGE_URL:
        return _front_end_url(page)
    with script_name(stored):
        return page.get_full_url(request) or ""


def reachable_url(page: Any, request: Any = None, stored: str = "") -> str:
    """Where somebody can sign, whatever the site knows of the page: its address, or the form's."""
    return page_url(page, request, stored) or frame_url(page, request, stored)


def page_link(page: Any, request: Any = None) -> str:
    """Like ``page_url``, as short as a link on the site that is asked may be."""
    if settings.PAGE_URL:
        return _front_end_url(page)
    return page.get_url(request) or ""


def home_link() -> str:
    """Where the site begins, for a link in the answer to a request; "" if nothing is there."""
    try:
        return reverse("wagtail_serve", args=[""])
    except NoReverseMatch:
        parts = urlsplit(settings.PAGE_URL or "")
        return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""


def _front_end_url(page: Any) -> str:
    """What ``PAGE_URL`` makes of ``page``: a pattern filled in, or what its function returns."""
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
    """Where ``page`` is below its site's home page, as in "/petitions/families/"; "" outside."""
    for root in Site.get_site_root_paths():
        if page.pk and page.url_path.startswith(root.root_path):
            return "/" + page.url_path[len(root.root_path) :]
    return ""
