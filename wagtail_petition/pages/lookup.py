"""Find the pages of a petition."""

import copy
import functools
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from wagtail.models import get_page_models

from wagtail_petition.models.petition import Petition
from wagtail_petition.pages.fields import PetitionPageFields

# How many pages a process keeps in memory. Each takes some 10 kB besides its content.
KEPT_PAGES = 64


def petition_page_models() -> list[Any]:
    """The installed page types that use ``PetitionPageMixin``, known by its fields."""
    return [m for m in get_page_models() if issubclass(m, PetitionPageFields)]


def pages_with(key: UUID) -> list[Any]:
    """The pages of the petition with ``key``, live or not, as a list with the source page first.

    Aliases are left out.
    """
    pages = [
        page
        for model in petition_page_models()
        for page in model.objects.exact_type(model)
        .filter(translation_key=key, alias_of=None)
        .select_related("locale")
    ]
    return sorted(pages, key=lambda page: page.pk)


def _live_pages(**where):
    """The live petition pages, with their locale. One query for each installed page type."""
    for model in petition_page_models():
        # One filter for ``live`` and ``exact_type``, since each costs time in every request.
        kind = ContentType.objects.get_for_model(model)
        pages = model.objects.filter(live=True, content_type=kind, **where)
        yield from pages.select_related("locale").order_by()


def find_page(
    key: UUID, language: str | None = None, accept: Callable[[Any], bool] | None = None
) -> Any:
    """The live page of the petition with ``key``, or None.

    The page in ``language`` is preferred, then the oldest, which usually is the source page.
    ``accept`` is a function of a page; pages for which it returns False are skipped.
    """
    pages = sorted(_live_pages(translation_key=key), key=lambda page: page.pk)
    # A stable sort: pages in the language first, the oldest of them first.
    pages.sort(key=lambda page: not language or page.locale.language_code != language)
    return next((page for page in pages if accept is None or accept(page)), None)


def get_page(petition: Petition, language: str | None = None) -> Any:
    """The live page of ``petition`` as in ``find_page``, without another query for the petition.

    Kept in this process until one of the petition's pages changes, or for a minute.
    """
    if petition.pages_version:
        page = _keep_page(petition.key, language, petition.pages_version, _minute())
    else:
        page = find_page(petition.key, language)
    return _with_petition(page, petition)


def find_page_by_id(pk: int, petition: Petition | None = None) -> Any:
    """The live petition page with this id, or None.

    With its ``petition``, the page is kept as in ``get_page``.
    """
    if petition is None or not petition.pages_version:
        # By ``id``: for the pk, a foreign key, SQLite raises an error if the number is too large.
        page = next(_live_pages(id=pk), None)
    else:
        page = _keep_page_by_id(pk, petition.pages_version, _minute())
    return _with_petition(page, petition) if petition else page


# Finding a page takes a fifth of the time of signing. A kept page is found by its petition's
# ``pages_version``, so that all processes see a change at once. The minute bounds how long a change
# that sends no signal, as by ``QuerySet.update()``, goes unseen.


@functools.lru_cache(maxsize=KEPT_PAGES)
def _keep_page(key, language, pages_version, minute):
    return find_page(key, language)


@functools.lru_cache(maxsize=KEPT_PAGES)
def _keep_page_by_id(pk, pages_version, minute):
    return find_page_by_id(pk)


def _minute():
    return int(time.monotonic() // 60)


def forget_kept_pages() -> None:
    """Forget the pages that this process keeps in memory."""
    _keep_page.cache_clear()
    _keep_page_by_id.cache_clear()


def _with_petition(page, petition):
    """A copy of ``page`` for one request, with its ``petition``."""
    if page is None:
        return None
    page = copy.copy(page)
    page.petition = petition
    return page


def petition_page_at(path: str) -> Any:
    """The petition page at a path of the page tree, live or not; None if it is another page."""
    for model in petition_page_models():
        # Not the base page's instance: its own row may be deleted already, with its children.
        pages = model.objects.exact_type(model).select_related("locale")
        if page := pages.filter(path=path).first():
            return page
    return None
