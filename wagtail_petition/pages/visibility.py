"""Who may see what of a petition in public.

Who may see a petition's page may see what is made of it: its count, its list of signers, its card,
its sheet of paper and its form. Nobody else may, at any address that can be guessed. A link that was made for one person (a token, or a signed value) is a right of its own: it
shows that person's signature and the petition it is about.

What editors may see in the admin is decided in ``access``.
"""

from functools import partial

import swapper
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from wagtail.models import PageViewRestriction

from wagtail_petition.models.petition import Petition
from wagtail_petition.pages.lookup import find_page, find_page_by_id
from wagtail_petition.pages.mixin import PetitionPageMixin

DEPENDS = "_wagtail_petition_depends_on_visitor"


def visible_page(
    request: HttpRequest, key: str, language: str | None = None
) -> PetitionPageMixin | None:
    """The live page of the petition with ``key`` that ``request`` may see; see ``find_page``."""
    return find_page(key, language, accept=partial(may_see, request))


def visible_page_by_id(request: HttpRequest, pk: int) -> PetitionPageMixin | None:
    """The live petition page with this id, if ``request`` may see it; else None."""
    page = find_page_by_id(pk)
    return page if page and may_see(request, page) else None


def visible_counts(request: HttpRequest, key: str) -> tuple[int, int] | None:
    """(confirmed here, collected on paper) of the petition with ``key``.

    None if ``request`` may see none of its pages. One query where the site restricts no page.
    """
    pages = swapper.load_model("wagtailcore", "Page").objects.live()
    found = (
        Petition.objects.filter(Exists(pages.filter(translation_key=OuterRef("key"))), key=key)
        .annotate(asks=Exists(PageViewRestriction.objects.all()))
        .values_list("signature_count", "offline_count", "asks")
        .first()
    )
    if found is None or (found[2] and visible_page(request, key) is None):
        return None
    return found[:2]


def may_see(request: HttpRequest, page: PetitionPageMixin) -> bool:
    """Whether a live ``page`` is for everybody, or for who sends this request.

    Where the site shows the page to some people only, ``depends_on_visitor(request)`` from now on.
    """
    restrictions = _restrictions(page)
    if restrictions:
        setattr(request, DEPENDS, True)
    return all(restriction.accept_request(request) for restriction in restrictions)


def depends_on_visitor(request: HttpRequest) -> bool:
    """Whether the answer is for this visitor alone, so that no shared cache may keep it."""
    return getattr(request, DEPENDS, False)


def open_to_readers_of(other, pages: list) -> list:
    """Those of ``pages`` that everybody may see who may see the page ``other`` (None: any page).

    The same for all visitors, so that what is shown on ``other`` can be cached.
    """
    restrictions = {page: _restrictions(page) for page in pages} if _has_restrictions() else {}
    if not any(restrictions.values()):
        return pages
    met = _conditions(_restrictions(other)) if other else set()
    return [page for page in pages if _conditions(restrictions[page]) <= met]


def _restrictions(page):
    # Asked first, since most sites have none: to ask for those of one page takes more.
    return list(page.get_view_restrictions()) if _has_restrictions() else []


def _has_restrictions():
    return PageViewRestriction.objects.exists()


def _conditions(restrictions):
    """What a visitor fulfils to pass: the same for the same login, password or groups."""
    return {
        (
            each.restriction_type,
            each.password if each.restriction_type == PageViewRestriction.PASSWORD else "",
            frozenset(each.groups.values_list("pk", flat=True))
            if each.restriction_type == PageViewRestriction.GROUPS
            else frozenset(),
        )
        for each in restrictions
    }
