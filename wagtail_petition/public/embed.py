"""The form for other sites: the view in the frame, and the HTML to copy."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from wagtail_petition import addresses
from wagtail_petition.forms.sign import SignForm
from wagtail_petition.pages.mixin import PetitionPageMixin

from .embedding import EMBED_BASE, embedded
from .pages import cached, noindex, public_page, render_public

# The source of a signature if the frame's URL names none.
SOURCE = "embed"


@require_safe
@embedded
@noindex
@cached(max_age=60, stale_while_revalidate=600)
def embed(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form without the page. Errors and "check your inbox" are shown in the frame too."""
    page = public_page(request, key)
    with translation.override(page.language):
        form = page.get_sign_form()
    form.initial["source"] = request.GET.get("source") or SOURCE
    return render_embed(request, page, form)


def render_embed(
    request: HttpRequest, page: PetitionPageMixin, form: SignForm, status: int = 200
) -> HttpResponse:
    """The frame with ``form``, which may have errors."""
    response = render_public(
        request,
        "embed",
        page,
        form=form,
        base_template=EMBED_BASE,
        sign_url=reverse("wagtail_petition:embed_sign", args=[page.pk]),
    )
    response.status_code = status
    return response


def embed_url(page: PetitionPageMixin) -> str:
    """The path of the frame in ``page``'s language."""
    path = reverse("wagtail_petition:embed", args=[page.petition_key])
    return f"{path}?{urlencode({'language': page.language})}"


def paper_url(page: PetitionPageMixin) -> str:
    """The path of the sheet to print in ``page``'s language."""
    path = reverse("wagtail_petition:paper", args=[page.petition_key])
    return f"{path}?{urlencode({'language': page.language})}"


def embed_code(page: PetitionPageMixin, request: HttpRequest | None = None) -> str:
    """The HTML for another site: the frame in ``page``'s language, as high as its content.

    Its script is inline, so that the other site loads no script from us. If the script can't
    run, the frame keeps its initial height and scrolls.
    """
    origin = addresses.root_url(page, request)
    with translation.override(page.language):
        return render_to_string(
            "wagtail_petition/public/embed_code.html",
            {
                "page": page,
                "origin": origin,
                "address": addresses.frame_url(page, request),
                "frame_id": f"petition-{page.petition_key.hex[:8]}-{page.language}",
            },
        ).strip()
