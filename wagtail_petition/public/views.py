"""Read-only views for everybody: cacheable, no cookie, no personal data but names shown by choice."""

import re

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from wagtail_petition.pages.visibility import depends_on_visitor, visible_counts

from .card import card_png
from .pages import cached, noindex, public_page, render_public
from .share import shared_url

# Names on one page of the public list.
SIGNERS = 50
# A number of a signature. Ten digits may be more than a petition ever gets, never too many to read.
NUMBER = re.compile(r"[0-9]{1,10}")
# Empty rows on a paper sheet: what fits on one side next to the letter, wide enough to write in.
ROWS = 15


@require_safe
@cached(max_age=10, stale_while_revalidate=60)
def count(request, key):
    """``{"count": 1284}``: how many have signed, for any site to show. One query."""
    counts = visible_counts(request, key)
    if counts is None:
        raise Http404
    response = JsonResponse({"count": sum(counts)})
    if not depends_on_visitor(request):
        response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
@noindex
@cached(max_age=60, stale_while_revalidate=600)
def signatures(request, key):
    """The names of those who show them, newest first, paged by number: ``?before=<number>``.

    A page of the list costs the same at a million signatures, and holds the same names when
    others sign meanwhile, because it is found by number instead of being counted off.
    """
    page = public_page(request, key)
    signers = page.petition.signatures.public()
    before = request.GET.get("before", "")
    if before:
        if not NUMBER.fullmatch(before):
            raise Http404
        signers = signers.filter(number__lt=int(before))
    signers = list(signers[: SIGNERS + 1])
    return render_public(
        request,
        "signatures",
        page,
        signers=signers[:SIGNERS],
        older=signers[SIGNERS - 1].number if len(signers) > SIGNERS else None,
        is_first=not before,
    )


@require_safe
@noindex
@cached(max_age=300)
def paper(request, key):
    """A sheet to print and collect signatures on, A4 or Letter."""
    page = public_page(request, key)
    return render_public(
        request,
        "paper",
        page,
        rows=range(1, ROWS + 1),
        address=shared_url(page, "paper", request),
    )


@require_safe
@cached(max_age=3600)
def card(request, key):
    """The picture that stands for the page where it is shared, if it has none of its own."""
    png = card_png(public_page(request, key))
    if png is None:
        raise Http404
    return HttpResponse(png, content_type="image/png")
