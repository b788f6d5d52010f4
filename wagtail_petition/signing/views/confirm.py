"""The steps of confirming: the link in the email, and the thank-you page."""

from django.core.signing import BadSignature
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_petition import ledger, representatives
from wagtail_petition.identity.sealing import seal, unseal
from wagtail_petition.ledger import tokens
from wagtail_petition.mail.opt_out import allow_again
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.token import Token
from wagtail_petition.pages.lookup import find_page_by_id, get_page
from wagtail_petition.pages.mixin import PetitionPageMixin
from wagtail_petition.pages.visibility import visible_page_by_id
from wagtail_petition.signing.responses import (
    SeeOther,
    dead_link,
    gone,
    page_link,
    private,
    step,
)

from .sent import back_to_sent, sent_url

SIGNED_SALT = "wagtail_petition.signed"
# In seconds. Long enough to share the petition and come back; too short for people who are sent
# the link.
SIGNED_AGE = 30 * 60


@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """GET shows what will be signed, POST confirms it. So mail scanners confirm nothing."""
    found = tokens.find(token, Token.Purpose.CONFIRM)
    if found is None:
        return dead_link(request)
    signature = found.signature
    petition, language = signature.petition, signature.language
    page = get_page(petition, language)
    if page is None:
        return gone(request, petition, language)
    context = {"page": page, "language": language, "signature": signature, "token": token}
    if signature.status in (Signature.Status.WITHDRAWN, Signature.Status.INVALIDATED):
        return step(request, "confirm_ended", status=410, **context)
    if signature.status == Signature.Status.CONFIRMED:
        # The button was pressed twice, or the link opened again.
        return _to_thanks(page, signature)
    if not page.can_confirm():
        return step(request, "confirm_closed", status=410, **context)
    if tokens.is_expired(found):
        if request.method == "POST":
            return _new_link(request, signature)
        return step(request, "confirm_expired", status=410, **context)
    if request.method != "POST":
        return step(request, "confirm", attempts=_attempts(signature), **context)
    chosen = _chosen_attempt(request, signature)
    if chosen is None:
        # It was deleted in the meantime. Another one must not be confirmed instead.
        return SeeOther(request.path)
    signature, outcome = ledger.confirm(chosen)
    context["signature"] = signature
    if outcome is ledger.Outcome.DUPLICATE:
        return step(request, "confirm_duplicate", status=409, **context)
    if outcome is ledger.Outcome.ENDED:
        return step(request, "confirm_ended", status=410, **context)
    if signature.wants_news:
        # The holder of the mailbox has asked for updates, after opting out of emails.
        allow_again(signature.email)
    return _to_thanks(page, signature)


def _to_thanks(page: PetitionPageMixin, signature: Signature) -> HttpResponseBase:
    # A signature that counts has a number.
    assert signature.number is not None
    return SeeOther(signed_url(page, signature.number))


def _attempts(signature):
    """The attempts that a link to ``signature`` shows: {name: attempt}, its own first."""
    return {_attempt_name(each): each for each in ledger.open_attempts(signature)}


def _chosen_attempt(request, signature):
    """The attempt to confirm, by default the link's own; None if it isn't open any more."""
    own = _attempt_name(signature)
    name = request.POST.get("attempt", own)
    # The others are read only if one of them was chosen.
    return signature if name == own else _attempts(signature).get(name)


def _attempt_name(signature):
    """The value that identifies an attempt in the form, without revealing its id."""
    return salted_hmac(
        "wagtail_petition.attempt", str(signature.pk), algorithm="sha256"
    ).hexdigest()


def _new_link(request, signature):
    """Send a new confirmation link, unless one is queued or still valid."""
    is_waiting = signature.emails.filter(
        kind=OutgoingEmail.Kind.CONFIRM, state=OutgoingEmail.State.DUE
    ).exists()
    if is_waiting or tokens.has_fresh(signature, Token.Purpose.CONFIRM):
        return SeeOther(sent_url(request, signature.pk))
    sent = ledger.send_confirmation_again(signature)
    return back_to_sent(request, signature, "again" if sent else "limit")


def signed_url(page: PetitionPageMixin, number: int) -> str:
    """The path of the thank-you page for the signature with ``number``, just confirmed."""
    sealed = seal(number, _signed_salt(page.pk))
    return reverse("wagtail_petition:signed", args=[page.pk, sealed])


def _signed_salt(page_id):
    return f"{SIGNED_SALT}.{page_id}"


@private
@require_safe
def signed(request: HttpRequest, page_id: int, sealed: str) -> HttpResponseBase:
    """The thank-you page, "You are number 1,285", with the share step.

    Its URL holds no token and works for ``SIGNED_AGE``. Later, or if the URL is forged, it
    redirects to the petition, if the visitor may see it.
    """
    try:
        number = unseal(sealed, _signed_salt(page_id), SIGNED_AGE)
    except BadSignature:
        page = visible_page_by_id(request, page_id)
        return gone(request) if page is None else SeeOther(page_link(request, page))
    page = find_page_by_id(page_id)
    if page is None:
        return gone(request)
    return step(
        request,
        "signed",
        page=page,
        number=number,
        representatives=_get_representatives(page, number),
    )


def _get_representatives(page, number):
    """Whom the signature goes to, by where the signer votes."""
    if not page.terms.home_country:
        return []
    signature = Signature.objects.filter(petition=page.petition, number=number).first()
    return representatives.for_signature(signature) if signature else []
