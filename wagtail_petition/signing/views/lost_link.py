"""The form for signers who have lost the link to their signature."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.http import require_http_methods

from wagtail_petition import ledger
from wagtail_petition.forms.sign import AddressForm
from wagtail_petition.pages.visibility import visible_page
from wagtail_petition.signing import abuse, admission
from wagtail_petition.signing.responses import (
    SeeOther,
    dead_link,
    one_more_step,
    own_form,
    private,
    say_when,
    step,
)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def lost_link(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Ask for a new link, also after the petition has closed.

    The response doesn't depend on whether the address has signed.
    """
    page = visible_page(request, key, request.GET.get("language"))
    if page is None:
        return dead_link(request)
    if request.method != "POST":
        asked = "asked" in request.GET
        return own_form(step(request, "lost_link", page=page, form=AddressForm(), asked=asked))
    if not abuse.comes_from_our_page(request):
        return step(request, "foreign_origin", page=page, status=403)
    with translation.override(page.language):
        return _ask(request, page, AddressForm(request.POST))


def _ask(request, page, form):
    status, refused = 422, None
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            with admission.admitted(request, page, email, must_be_open=False):
                ledger.request_link(page.petition, email)
            return SeeOther(f"{request.path}?language={page.language}&asked")
        except abuse.Refused as error:
            status, refused = error.status, error
            form.add_error("email", error.message)
        except admission.OneMoreStep as needed:
            return one_more_step(request, page, form, needed.token, purpose="link")
    response = own_form(step(request, "lost_link", page=page, form=form, status=status))
    say_when(response, refused)
    return response
