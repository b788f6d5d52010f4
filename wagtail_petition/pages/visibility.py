"""Which pages a visitor may see in public.

Visitors who may see a petition's page may also see its count, list of signers, updates, card, paper
form and signing form. Nobody else may, at any URL that can be guessed. A link with a token or signed
value gives its owner access to their own signature and its petition.

``access`` decides what editors may see in the admin.
"""

from functools import partial
from uuid import UUID

import swapper
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from wagtail.models import PageViewRestriction

from wagtail_petition.models.moderation import BlockRule
from wagtail_petition.models.petition import Petition
from wagtail_petition.pages.lookup import find_page, find_page_by_id
from wagtail_petition.pages.mixin import PetitionPageMixin
from wagtail_petition.pages.restrictions import get_restrictions

DEPENDS = "_wagtail_petition_depends_on_visitor"


def visible_page(
    request: HttpRequest, key: UUID, language: str | None = None
) -> PetitionPageMixin | None:
    """The live page of the petition with ``key`` that the visitor may see, as in ``find_page``."""
    return find_page(key, language, accept=partial(may_see, request))


def visible_page_by_id(request: HttpRequest, pk: int) -> PetitionPageMixin | None:
    """The live petition page with this id if the visitor may see it, else None.

    One query if this process has kept the page and the site restricts none. It also says whether
    the site has block rules, which signing would ask next.
    """
    pages = swapper.load_model("wagtailcore", "Page").objects.live()
    petition = (
        Petition.objects.filter(Exists(pages.filter(id=pk, translation_key=OuterRef("key"))))
        .annotate(
            asks=Exists(PageViewRestriction.objects.all()),
            blocks=Exists(BlockRule.objects.all()),
        )
        .first()
    )
    if petition is not None:
        petition.has_block_rules = petition.blocks
    page = find_page_by_id(pk, petition)
    is_open = petition is not None and not petition.asks
    return page if page and (is_open or may_see(request, page)) else None


def visible_count(request: HttpRequest, key: UUID) -> int | None:
    """The petition's public total.

    None if the visitor may see none of its pages. One query if the site restricts no page.
    """
    pages = swapper.load_model("wagtailcore", "Page").objects.live()
    found = (
        Petition.objects.filter(Exists(pages.filter(translation_key=OuterRef("key"))), key=key)
        .annotate(asks=Exists(PageViewRestriction.objects.all()))
        .only("signature_count", "offline_count", "paper_display")
        .first()
    )
    if found is None or (found.asks and visible_page(request, key) is None):
        return None
    return found.public_count


def may_see(request: HttpRequest, page: PetitionPageMixin) -> bool:
    """Whether the visitor may see a live ``page``.

    If the page is restricted, ``depends_on_visitor(request)`` is True from then on.
    """
    restrictions = get_restrictions(page)
    if restrictions:
        setattr(request, DEPENDS, True)
    return all(restriction.accept_request(request) for restriction in restrictions)


def depends_on_visitor(request: HttpRequest) -> bool:
    """Whether the response depends on the visitor, so that shared caches must not store it."""
    return getattr(request, DEPENDS, False)
