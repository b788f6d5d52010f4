"""Finding the pages of a petition."""

from wagtail_petition.pages.mixin import PetitionPageMixin


def petition_page_models():
    """The installed page types on the mixin."""
    from wagtail.models import get_page_models

    return [m for m in get_page_models() if issubclass(m, PetitionPageMixin)]


def pages_with(key):
    """The pages of the petition with ``key``, online or not, the source first: a list.

    The source is the oldest (``source_pages``), also while it is offline. Aliases are left out.
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
    """The live petition pages, with their locale: one query for each installed type."""
    for model in petition_page_models():
        pages = model.objects.live().exact_type(model).filter(**where)
        yield from pages.select_related("locale").order_by()


def find_page(key, language=None, accept=None):
    """The live page of the petition with ``key``: in ``language`` if there is one, else any.

    With ``accept``, a function of a page, only one of the pages for which it is true.

    The first in the order of pages (usually the source) serves for a language without a page
    of its own. Returns None if no page of the petition is online.
    """
    pages = sorted(_live_pages(translation_key=key), key=lambda page: page.pk)
    # The sort is stable: what is in the language comes first, in the order of pages.
    pages.sort(key=lambda page: not language or page.locale.language_code != language)
    return next((page for page in pages if accept is None or accept(page)), None)


def find_page_by_id(pk):
    """The live petition page with this id, or None. Ids survive moves, unlike addresses."""
    # By the base's id: SQLite refuses to compare a foreign key (the pk) with a number too large.
    return next(_live_pages(id=pk), None)
