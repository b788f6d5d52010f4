"""The step of signing: accept the form, or show it again."""

from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_petition import addresses
from wagtail_petition.conf import settings
from wagtail_petition.ledger.signing import sign_in_transaction
from wagtail_petition.pages.visibility import visible_page_by_id
from wagtail_petition.public.embed import embed_url, render_embed
from wagtail_petition.public.embedding import is_embedded
from wagtail_petition.signing import abuse, admission
from wagtail_petition.signing.responses import (
    SeeOther,
    gone,
    one_more_step,
    page_link,
    private,
    say_when,
    step,
)

from .sent import sent_url


@private
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, page_id: int) -> HttpResponseBase:
    """Accept the form with a redirect to "check your inbox".

    Shows the page again if the form has errors, or one more step if the request is suspicious.
    """
    page = visible_page_by_id(request, page_id)
    if page is None:
        return gone(request)
    if request.method != "POST":
        return SeeOther(embed_url(page) if is_embedded(request) else page_link(request, page))
    if not abuse.comes_from_our_page(request):
        return step(request, "foreign_origin", page=page, status=403)
    with translation.override(page.language):
        form = page.get_sign_form(request.POST)
        try:
            signature = _sign(request, page, form)
        except abuse.Refused as refused:
            form.add_error(None, refused.message)
            return _page_again(request, page, form, refused)
        except admission.OneMoreStep as needed:
            return one_more_step(request, page, form, needed.token)
        if signature is None:
            return _page_again(request, page, form)
    return SeeOther(sent_url(request, signature.pk))


def _sign(request, page, form):
    """Store the signature and return it; None if the form has errors.

    Raises ``Refused`` or ``OneMoreStep``.
    """
    admission.check_open(page)
    if not form.is_valid():
        return None
    with admission.admitted(request, page, form.cleaned_data["email"]) as network:
        page.petition.store_script_name(addresses.seen_script_name())
        return sign_in_transaction(page, network=network, **form.personal_data)


def _page_again(request, page, form, refused=None):
    status = refused.status if refused else 422
    if is_embedded(request):
        response = render_embed(request, page, form, status)
    else:
        response = render(
            request, page.get_template(request), page.get_context(request, form=form), status=status
        )
    response["Content-Language"] = page.language
    # The URL holds no token. With "no-referrer", browsers would send the corrected form with
    # "Origin: null".
    response["Referrer-Policy"] = "same-origin"
    say_when(response, refused)
    return response


@private
@require_safe
def challenge(request: HttpRequest) -> JsonResponse:
    """A challenge for the proof of work as JSON; 404 if ``ALTCHA`` is off."""
    if not settings.ALTCHA:
        raise Http404
    from wagtail_petition.signing import altcha  # Needs the extra "altcha".

    return JsonResponse(altcha.new_challenge())
