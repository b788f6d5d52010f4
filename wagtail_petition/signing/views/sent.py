"""The step "Check your inbox": the email can be sent again, or to another address."""

from django.core.signing import BadSignature
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from wagtail_petition import ledger
from wagtail_petition.forms.sign import AddressForm
from wagtail_petition.identity.mail_domains import suggest_address
from wagtail_petition.identity.sealing import seal, unseal
from wagtail_petition.models.signature import Signature
from wagtail_petition.pages.lookup import get_page
from wagtail_petition.pages.visibility import may_see
from wagtail_petition.public.embedding import is_embedded
from wagtail_petition.signing import abuse, admission
from wagtail_petition.signing.responses import (
    SeeOther,
    dead_link,
    gone,
    one_more_step,
    own_form,
    page_link,
    private,
    say_when,
    step,
)

SENT_SALT = "wagtail_petition.sent"
SENT_AGE = 24 * 60 * 60


def sent_url(request: HttpRequest, signature_pk: int) -> str:
    """The path of "Check your inbox" for a signature, in a frame if the request is."""
    name = "embed_sent" if is_embedded(request) else "sent"
    return reverse(f"wagtail_petition:{name}", args=[seal(signature_pk, SENT_SALT)])


@private
@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: HttpRequest, sealed: str) -> HttpResponseBase:
    """The page "Check your inbox". It can send the email again, or to another address.

    It doesn't depend on whether the address had signed before.
    """
    try:
        pk = unseal(sealed, SENT_SALT, SENT_AGE)
    except BadSignature:
        return dead_link(request)
    signature = Signature.objects.select_related("petition").filter(pk=pk).first()
    if signature is None:
        return step(request, "sent", signature=None)
    page = get_page(signature.petition, signature.language)
    if page is None:
        return gone(request, signature.petition, signature.language)
    if request.method == "POST":
        return _send(request, page, signature)
    suggestion = suggest_address(signature.email)
    return _sent(
        request,
        page,
        signature,
        email=suggestion or signature.email,
        suggestion=suggestion,
        asked=request.GET.get("asked"),
        limited_until=ledger.may_send_again_at(signature),
    )


def _sent(request, page, signature, **context):
    return own_form(step(request, "sent", page=page, signature=signature, **context))


def _send(request, page, signature):
    """Send the email again, or to another address, after the same checks as for signing."""
    if not may_see(request, page):
        return SeeOther(page_link(request, page))
    if not abuse.comes_from_our_page(request):
        return step(request, "foreign_origin", page=page, status=403)
    with translation.override(signature.language):
        form = AddressForm(request.POST)
        refused = None
        if form.is_valid():
            try:
                return _send_to(request, page, signature, form.cleaned_data["email"])
            except abuse.Refused as error:
                refused = error
                form.add_error("email", refused.message)
            except admission.OneMoreStep as needed:
                return one_more_step(request, page, form, needed.token, purpose="again")
        response = _sent(
            request,
            page,
            signature,
            email=request.POST.get("email", ""),
            error=form.errors["email"][0],
            status=refused.status if refused else 422,
        )
    say_when(response, refused)
    return response


def _send_to(request, page, signature, address):
    """Send the email again, or to another address. Returns a redirect to the result."""
    is_new = address != signature.email and signature.status == Signature.Status.UNCONFIRMED
    with admission.admitted(request, page, address, is_new=is_new) as network:
        if is_new:
            signature = ledger.sign_with_other_address(signature, address, network)
            asked = "other"
        else:
            asked = "again" if ledger.send_confirmation_again(signature) else "limit"
    return back_to_sent(request, signature, asked)


def back_to_sent(request: HttpRequest, signature: Signature, outcome: str) -> HttpResponseBase:
    """A redirect to "Check your inbox", which shows the ``outcome`` of the visitor's request."""
    return SeeOther(f"{sent_url(request, signature.pk)}?asked={outcome}")
