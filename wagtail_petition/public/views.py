"""Public, read-only views: cacheable, without cookies. The only personal data is public names."""

import re
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wagtail_petition import ledger
from wagtail_petition.home.answers import get_asked_parts, get_home_scheme
from wagtail_petition.home.ties import TIE_CHOICES, TIE_LETTERS
from wagtail_petition.identity.sheet_numbers import new_number
from wagtail_petition.pages.visibility import depends_on_visitor, visible_count
from wagtail_petition.storage import private_storage

from .card import card_png
from .pages import cached, noindex, public_page, render_public
from .share import shared_url

# Names per page of the public list.
SIGNERS = 50
# The number of a signature. Ten digits cover all that a database stores.
NUMBER = re.compile(r"[0-9]{1,10}")
# Empty rows on a paper sheet: as many as fit on one side with the letter.
ROWS = 15
# The most sheets that are shown at once.
SHEETS = 30


@require_safe
@cached(max_age=10, stale_while_revalidate=60)
def count(request: HttpRequest, key: UUID) -> JsonResponse:
    """The public total as ``{"count": 1284}``, also for other sites. One query."""
    total = visible_count(request, key)
    if total is None:
        raise Http404
    response = JsonResponse({"count": total})
    if not depends_on_visitor(request):
        response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
@noindex
@cached(max_age=60, stale_while_revalidate=600)
def signatures(request: HttpRequest, key: UUID) -> HttpResponse:
    """The public names, newest first, paged by number: ``?before=<number>``.

    Paging by number is as fast at a million signatures, and new signatures don't shift the pages.
    """
    page = public_page(request, key)
    signers = page.petition.signatures.public()
    before = request.GET.get("before", "")
    if before:
        if not NUMBER.fullmatch(before):
            raise Http404
        signers = signers.filter(number__lt=int(before))
    found = list(signers[: SIGNERS + 1])
    return render_public(
        request,
        "signatures",
        page,
        signers=found[:SIGNERS],
        older=found[SIGNERS - 1].number if len(found) > SIGNERS else None,
        is_first=not before,
    )


@require_safe
@noindex
@never_cache
def paper(request: HttpRequest, key: UUID) -> HttpResponse:
    """Sheets to print and collect signatures on, A4 or Letter: ``?sheets=<how many>``.

    Each sheet has its own number, also when the page is loaded again, so it isn't cached. The text
    is stored, and its mark is part of the numbers.
    """
    page = public_page(request, key)
    wanted = request.GET.get("sheets", "")
    mark = ledger.keep_printed_text(page).mark
    sheets = min(max(int(wanted), 1), SHEETS) if NUMBER.fullmatch(wanted) else 1
    return render_public(
        request,
        "paper",
        page,
        rows=range(1, ROWS + 1),
        numbers=[new_number(mark) for _sheet in range(sheets)],
        most=SHEETS,
        address=shared_url(page, "paper", request),
        home=_home_column(page.terms),
    )


def _home_column(terms):
    """The contents of the column on where people vote; None if the petition doesn't ask.

    {"scheme", "labels": what to write, "ties": {letter: answer} to circle}.
    """
    scheme, asked = get_home_scheme(terms), get_asked_parts(terms)
    if scheme is None or not asked:
        return None
    labels = {
        "home_region": scheme.region_label,
        "home_district": scheme.district_label,
        "home_place": scheme.place_label,
    }
    answers = [label for _tie, label in TIE_CHOICES] if "home_tie" in asked else []
    return {
        "scheme": scheme,
        "labels": [labels[part] for part in asked if part in labels],
        "ties": dict(zip(TIE_LETTERS, answers, strict=False)),
    }


@require_safe
@cached(max_age=3600)
def card(request: HttpRequest, key: UUID) -> HttpResponse:
    """The card as PNG; 404 if it can't be drawn."""
    png = card_png(public_page(request, key))
    if png is None:
        raise Http404
    return HttpResponse(png, content_type="image/png")


@require_safe
@noindex
@cached(max_age=60)
def outcome_document(request: HttpRequest, key: UUID, outcome: int) -> FileResponse:
    """The document of a public outcome, as a download."""
    page = public_page(request, key)
    found = next((each for each in page.outcomes if each.pk == outcome), None)
    if found is None or not found.document:
        raise Http404
    response = FileResponse(
        private_storage().open(found.document),
        as_attachment=True,
        filename=found.document_name,
        # An upload, which browsers must not show as a page of the site.
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
