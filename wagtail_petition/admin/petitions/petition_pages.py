"""Find the pages of petitions in all languages, live or not."""

from wagtail_petition.pages.lookup import petition_page_models
from wagtail_petition.pages.translations import stale_locales


def get_pages(petitions):
    """The pages of ``petitions``, live or not, as {key: [page, …]}, live and source pages first.

    One query for each page type. A petition without pages has an empty list.
    """
    by_key = {petition.key: petition for petition in petitions}
    found = {key: [] for key in by_key}
    for model in petition_page_models():
        pages = model.objects.filter(translation_key__in=found).select_related("locale")
        for page in pages.defer_streamfields().order_by("pk"):
            page.petition = by_key[page.translation_key]
            found[page.translation_key].append(page)
    for pages in found.values():
        pages.sort(key=lambda page: not page.live)
    return found


def attach_pages(petitions):
    """Set ``pages`` and ``main_page`` (a page or None) on each of a list of petitions."""
    found = get_pages(petitions)
    for petition in petitions:
        petition.pages = found[petition.key]
        petition.main_page = next(iter(petition.pages), None)
    return petitions


def mark_stale(petitions):
    """Set ``is_stale`` on the attached pages: whether they are out-of-date translations."""
    stale = stale_locales([p.main_page for p in petitions if p.main_page])
    for petition in petitions:
        for page in petition.pages:
            page.is_stale = page.locale in stale.get(petition.key, ())
