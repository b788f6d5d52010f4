"""Let signers manage their signature with the link in the receipt."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wagtail_petition import ledger, representatives
from wagtail_petition.delivery.selection import get_deliveries
from wagtail_petition.ledger import tokens
from wagtail_petition.mail.opt_out import allow_again, is_opted_out, opt_out
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.token import Token
from wagtail_petition.pages.lookup import get_page
from wagtail_petition.signing.responses import SeeOther, dead_link, private, step


@private
@require_http_methods(["GET", "HEAD", "POST"])
def signature(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page to manage a signature. It works as long as the signature exists."""
    found = tokens.find(token, Token.Purpose.MANAGE)
    if found is None:
        return dead_link(request)
    signature = found.signature
    # Erased data needs no protection.
    if tokens.is_expired(found) and signature.email:
        return _expired(request, signature)
    tokens.open_until_expiry(found)
    if request.method == "POST":
        if "withdraw" in request.POST:
            ledger.withdraw(signature)
        elif "allow" in request.POST:
            allow_again(signature.email)
        else:
            ledger.set_show_name(signature, "show_name" in request.POST)
            ledger.set_wants_news(signature, "wants_news" in request.POST)
            if "wants_news" in request.POST:
                # Opting in to updates undoes opting out of emails.
                allow_again(signature.email)
        return SeeOther(f"{request.path}?saved")
    return step(
        request,
        "signature",
        page=get_page(signature.petition, signature.language),
        language=signature.language,
        signature=signature,
        answers=signature.signed_text.describe(signature.answers),
        deliveries=get_deliveries(signature),
        representatives=representatives.for_signature(signature),
        opted_out=is_opted_out(signature.email),
        saved="saved" in request.GET,
        receipt_url=reverse("wagtail_petition:receipt", args=[token])
        if signature.number and not signature.is_erased
        else "",
    )


def _expired(request, signature):
    """An expired link. It shows no personal data, but can withdraw the signature.

    Withdrawing needs no new email, so that it isn't harder than signing.
    """
    if request.method == "POST":
        if "withdraw" in request.POST:
            ledger.withdraw(signature)
            return SeeOther(request.path)
        ledger.send_receipt_again(signature)
        return SeeOther(f"{request.path}?sent")
    page = get_page(signature.petition, signature.language)
    return step(
        request,
        "signature_expired",
        page=page,
        language=signature.language,
        can_send=page is not None and signature.status == Signature.Status.CONFIRMED,
        sent="sent" in request.GET,
        status=410,
    )


@private
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """GET shows the choices. POST stops emails, or allows them again.

    A POST from a mail program's unsubscribe button stops all emails (RFC 8058), or with ``?news``
    in the URL, as in updates, only the petition's news.
    """
    found = tokens.find(token, Token.Purpose.UNSUBSCRIBE)
    if found is None:
        return dead_link(request)
    signature = found.signature
    done = ""
    if request.method == "POST":
        # Mail programs may add a character to the end of a link.
        only_updates = any(name.startswith("news") for name in request.GET)
        done = _choose(request.POST, signature, only_updates)
    return step(
        request,
        "unsubscribe",
        page=get_page(signature.petition, signature.language),
        language=signature.language,
        signature=signature,
        opted_out=is_opted_out(signature.email),
        done=done,
    )


def _choose(data, signature, only_updates):
    """Apply the choice in the POST data, or else what the link is for. Returns what was done."""
    if "allow" in data:
        allow_again(signature.email)
        return "allowed"
    ledger.set_wants_news(signature, False)
    if "news" in data or (only_updates and "all" not in data):
        return "news"
    opt_out(signature.email)
    return "stopped"
