"""The list of a petition's updates, and the feed of them."""

import re
from datetime import datetime, time
from uuid import UUID, uuid5

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import feedgenerator, translation
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wagtail_petition import addresses
from wagtail_petition.moments import in_site_zone
from wagtail_petition.pages.mixin import PetitionPageMixin

from .pages import cached, noindex, public_page, render_public

# Updates per page of the list, and in the feed.
LISTED = 20
MAX_AGE = 60
# Characters that XML can't hold.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@require_safe
@noindex
@cached(max_age=MAX_AGE, stale_while_revalidate=600)
def updates(request: HttpRequest, key: UUID) -> HttpResponse:
    """All updates of a petition that readers of its page may see, newest first: ``?page=2``."""
    page = public_page(request, key)
    pages = Paginator(page.updates, LISTED)
    wanted = request.GET.get("page", "1")
    if wanted not in map(str, pages.page_range):
        raise Http404
    return render_public(
        request,
        "updates",
        page,
        listed=pages.page(int(wanted)),
        feed=feed_url(page, request),
    )


@require_safe
@noindex
@cached(max_age=MAX_AGE, stale_while_revalidate=600)
def feed(request: HttpRequest, key: UUID) -> HttpResponse:
    """The newest updates as an Atom feed, in the language of ``?language=``."""
    page = public_page(request, key)
    return HttpResponse(
        render_feed(page, request).writeString("utf-8"),
        content_type="application/atom+xml; charset=utf-8",
        headers={"Content-Language": page.language},
    )


def render_feed(page: PetitionPageMixin, request: HttpRequest) -> feedgenerator.Atom1Feed:
    """The feed of ``page``: the newest updates with their summaries."""
    with translation.override(page.language):
        title = _("Updates: %(title)s") % {"title": page.title}
    atom = feedgenerator.Atom1Feed(
        title=_for_xml(title),
        link=addresses.reachable_url(page, request),
        description="",
        language=page.language,
        author_name=_for_xml(page.get_organisation()),
        feed_url=feed_url(page, request),
        feed_guid=uuid5(page.petition_key, f"updates in {page.language}").urn,
    )
    for update in page.updates[:LISTED]:
        first_day = in_site_zone(datetime.combine(update.date, time.min))
        atom.add_item(
            title=_for_xml(update.title),
            link=addresses.page_url(update, request) or addresses.reachable_url(page, request),
            description=_for_xml(escape(update.introduction)),
            pubdate=first_day,
            updateddate=update.last_published_at or first_day,
            unique_id=update.original_key.urn,
        )
    return atom


def _for_xml(text):
    return NOT_IN_XML.sub("", text)


def feed_url(page: PetitionPageMixin, request: HttpRequest | None = None) -> str:
    """The absolute URL of the feed in the language of ``page``."""
    address = addresses.step_url(page, "updates_feed", page.petition_key, request=request)
    return f"{address}?{urlencode({'language': page.language})}"
