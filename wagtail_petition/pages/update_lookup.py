"""Find the updates of a petition."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import get_page_models

from .languages import PageLanguages
from .restrictions import children_open_to_readers_of, open_to_readers_of
from .update_fields import PetitionUpdateFields


def update_page_models() -> list[Any]:
    """The installed page types that use ``PetitionUpdateMixin``, known by its fields."""
    return [model for model in get_page_models() if issubclass(model, PetitionUpdateFields)]


def find_updates(page: PageLanguages) -> list[Any]:
    """The live updates of ``page`` that all its readers may see, newest first.

    Each is in the language of ``page``, or in another one if it isn't translated. Their ``body``
    isn't loaded. One query for each installed type of update.
    """
    if page.pk is None:
        return []
    # The page itself first: live_translations leave it out if it is a draft or an alias.
    places = [page, *(other for other in page.live_translations if other.pk != page.pk)]
    found: dict[Any, Any] = {}
    for update in sorted(_below(places), key=lambda update: _place(places, update)):
        key = update.alias_of.translation_key if update.alias_of_id else update.translation_key
        found.setdefault(key, update)
    newest = sorted(found.values(), key=lambda update: (update.date, update.pk), reverse=True)
    return children_open_to_readers_of(page, newest)


def _below(places):
    within = Q()
    for place in places:
        within |= Q(path__startswith=place.path, depth=place.depth + 1)
    for model in update_page_models():
        kind = ContentType.objects.get_for_model(model)
        updates = model.objects.filter(within, live=True, content_type=kind)
        yield from updates.select_related("locale", "alias_of").defer("body").order_by()


def _place(places, update):
    """The position of the petition page above ``update``."""
    return next(i for i, place in enumerate(places) if update.path.startswith(place.path))


def find_update(key: Any, petition_key: Any, language: str | None = None) -> Any:
    """The page of ``find_sendable`` in ``language``, or else the source's; None without any."""
    pages = find_sendable(key, petition_key)
    return next((page for page in pages if page.language == language), next(iter(pages), None))


def find_sendable(key: Any, petition_key: Any) -> list[Any]:
    """The live pages of the update with ``key`` that may be sent to signers, the source first.

    They are below a page of the petition with ``petition_key``, and all its readers may see them.
    Aliases are left out.
    """
    pages = [
        page
        for model in update_page_models()
        for page in model.objects.filter(translation_key=key, alias_of=None, live=True)
        .exact_type(model)
        .select_related("locale")
    ]
    return [
        page
        for page in sorted(pages, key=lambda page: page.pk)
        if (above := page.petition_page)
        and above.petition_key == petition_key
        and open_to_readers_of(above, [page])
    ]


def find_update_page(pk: int) -> Any:
    """The page of an update with this id, live or not, or None."""
    # By ``id``: for the pk, a foreign key, SQLite raises an error if the number is too large.
    found = (model.objects.filter(id=pk).first() for model in update_page_models())
    return next((page for page in found if page), None)


def find_source_updates(pages: list[Any]) -> list[Any]:
    """The updates below petition pages, live or not, newest first, without aliases.

    Of each, its oldest page, from which the others were translated.
    """
    updates = [
        update
        for model in update_page_models()
        for page in pages
        for update in model.objects.child_of(page).exact_type(model).filter(alias_of=None)
    ]
    found: dict[Any, Any] = {}
    for update in sorted(updates, key=lambda update: update.pk):
        found.setdefault(update.translation_key, update)
    newest = sorted(found.values(), key=lambda update: (update.shown_date, update.pk))
    return newest[::-1]
