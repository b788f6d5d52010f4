"""The steps of signing: sign, check your inbox, confirm, signed."""

from django.core.signing import BadSignature
from django.http import Http404, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods, require_safe

from wagtail_petition import addresses, ledger
from wagtail_petition.conf import settings
from wagtail_petition.forms.sign import AddressForm
from wagtail_petition.identity.mail_domains import suggest_address
from wagtail_petition.identity.sealing import seal, unseal
from wagtail_petition.ledger import tokens
from wagtail_petition.ledger.signing import sign_in_transaction
from wagtail_petition.mail.opt_out import allow_again
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.token import Token
from wagtail_petition.pages.lookup import find_page_by_id, get_page
from wagtail_petition.pages.mixin import PetitionPageMixin
from wagtail_petition.pages.visibility import may_see, visible_page_by_id
from wagtail_petition.public.embed import embed_url, render_embed
from wagtail_petition.public.embedding import is_embedded

from . import abuse, admission
from .responses import SeeOther, dead_link, gone, one_more_step, own_form, private, say_when, step

SENT_SALT = "wagtail_petition.sent"
SENT_AGE = 24 * 60 * 60
SIGNED_SALT = "wagtail_petition.signed"
# In seconds. Long enough to share the petition and come back; too short for people who are sent
# the link.
SIGNED_AGE = 30 * 60


# Signing


@private
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request, page_id):
    """Accept the form with a redirect to "check your inbox".

    Shows the page again if the form has errors, or one more step if the request is suspicious.
    """
    page = visible_page_by_id(request, page_id)
    if page is None:
        return gone(request)
    if request.method != "POST":
        return SeeOther(embed_url(page) if is_embedded(request) else _page_link(request, page))
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
    return SeeOther(_sent_url(request, signature.pk))


def _page_link(request, page):
    """The URL of the page, or of its embedded form if the page has no URL."""
    return addresses.page_link(page, request) or embed_url(page)


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
def challenge(request):
    """A challenge for the proof of work as JSON; 404 if ``ALTCHA`` is off."""
    if not settings.ALTCHA:
        raise Http404
    from . import altcha  # Needs the extra "altcha".

    return JsonResponse(altcha.new_challenge())


# Check your inbox


def _sent_url(request, signature_pk):
    name = "embed_sent" if is_embedded(request) else "sent"
    return reverse(f"wagtail_petition:{name}", args=[seal(signature_pk, SENT_SALT)])


@private
@require_http_methods(["GET", "HEAD", "POST"])
def sent(request, sealed):
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
        return SeeOther(_page_link(request, page))
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
    return _asked(request, signature, asked)


def _asked(request, signature, asked):
    return SeeOther(f"{_sent_url(request, signature.pk)}?asked={asked}")


# Confirm


@private
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, token):
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
        return SeeOther(_sent_url(request, signature.pk))
    sent = ledger.send_confirmation_again(signature)
    return _asked(request, signature, "again" if sent else "limit")


def signed_url(page: PetitionPageMixin, number: int) -> str:
    """The path of the thank-you page for the signature with ``number``, just confirmed."""
    sealed = seal(number, _signed_salt(page.pk))
    return reverse("wagtail_petition:signed", args=[page.pk, sealed])


def _signed_salt(page_id):
    return f"{SIGNED_SALT}.{page_id}"


@private
@require_safe
def signed(request, page_id, sealed):
    """The thank-you page, "You are number 1,285", with the share step.

    Its URL holds no token and works for ``SIGNED_AGE``. Later, or if the URL is forged, it
    redirects to the petition, if the visitor may see it.
    """
    try:
        number = unseal(sealed, _signed_salt(page_id), SIGNED_AGE)
    except BadSignature:
        page = visible_page_by_id(request, page_id)
        return gone(request) if page is None else SeeOther(_page_link(request, page))
    page = find_page_by_id(page_id)
    if page is None:
        return gone(request)
    return step(request, "signed", page=page, number=number)
