"""Find the pages of a petition."""

from django.contrib.contenttypes.models import ContentType

from wagtail_petition.pages.mixin import PetitionPageMixin


def petition_page_models():
    """The installed page types that use ``PetitionPageMixin``."""
    from wagtail.models import get_page_models

    return [m for m in get_page_models() if issubclass(m, PetitionPageMixin)]


def pages_with(key):
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


def find_page(key, language=None, accept=None):
    """The live page of the petition with ``key``, or None.

    The page in ``language`` is preferred, then the oldest, which usually is the source page.
    ``accept`` is a function of a page; pages for which it returns False are skipped.
    """
    pages = sorted(_live_pages(translation_key=key), key=lambda page: page.pk)
    # A stable sort: pages in the language first, the oldest of them first.
    pages.sort(key=lambda page: not language or page.locale.language_code != language)
    return next((page for page in pages if accept is None or accept(page)), None)


def find_page_of(petition, language=None):
    """The live page of ``petition`` as in ``find_page``, without another query for the petition."""
    page = find_page(petition.key, language)
    if page is not None:
        page.petition = petition
    return page


def find_page_by_id(pk):
    """The live petition page with this id, or None."""
    # By ``id``: for the pk, a foreign key, SQLite raises an error if the number is too large.
    return next(_live_pages(id=pk), None)
