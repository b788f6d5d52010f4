"""What a signer can do afterwards, by the link in the receipt: see, hide, stop news, withdraw."""

from django.views.decorators.http import require_http_methods

from wagtail_petition import ledger
from wagtail_petition.delivery.selection import get_deliveries
from wagtail_petition.ledger import tokens
from wagtail_petition.mail.opt_out import allow_again, is_opted_out, opt_out
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.token import Token
from wagtail_petition.pages.lookup import find_page

from .responses import SeeOther, dead_link, private, step


@private
@require_http_methods(["GET", "HEAD", "POST"])
def signature(request, token):
    """The manage page. It works as long as the signature exists, page or no page."""
    found = tokens.find(token, Token.Purpose.MANAGE)
    if found is None:
        return dead_link(request)
    signature = found.signature
    # Once the data is erased there is nothing more to protect.
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
                # Whoever asks for news asks for emails.
                allow_again(signature.email)
        return SeeOther(f"{request.path}?saved")
    return step(
        request,
        "signature",
        page=find_page(signature.petition.key, signature.language),
        language=signature.language,
        signature=signature,
        answers=signature.signed_text.describe(signature.answers),
        deliveries=get_deliveries(signature),
        opted_out=is_opted_out(signature.email),
        saved="saved" in request.GET,
    )


def _expired(request, signature):
    """A link that was first opened long ago: it withdraws, and shows nothing of the person.

    Withdrawing must never be harder than signing, so it waits for no email.
    """
    if request.method == "POST":
        if "withdraw" in request.POST:
            ledger.withdraw(signature)
            return SeeOther(request.path)
        ledger.send_receipt_again(signature)
        return SeeOther(f"{request.path}?sent")
    page = find_page(signature.petition.key, signature.language)
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
def unsubscribe(request, token):
    """GET asks, POST stops emails or allows them again. Whoever has the link has the address, so
    nothing is final. Mail programs stop all emails with one click (RFC 8058)."""
    found = tokens.find(token, Token.Purpose.UNSUBSCRIBE)
    if found is None:
        return dead_link(request)
    signature = found.signature
    done = ""
    if request.method == "POST":
        done = _choose(request.POST, signature)
    return step(
        request,
        "unsubscribe",
        page=find_page(signature.petition.key, signature.language),
        language=signature.language,
        signature=signature,
        opted_out=is_opted_out(signature.email),
        done=done,
    )


def _choose(data, signature):
    """Do what was chosen; the one-click POST of mail programs stops all emails."""
    if "allow" in data:
        allow_again(signature.email)
        return "allowed"
    ledger.set_wants_news(signature, False)
    if "news" in data:
        return "news"
    opt_out(signature.email)
    return "stopped"
