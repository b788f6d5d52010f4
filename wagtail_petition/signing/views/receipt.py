"""A signer's receipt, with the link to their signature: a page, and a file to keep."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from wagtail_petition.delivery import receipts
from wagtail_petition.ledger import tokens
from wagtail_petition.models.token import Token
from wagtail_petition.pages.lookup import get_page
from wagtail_petition.signing.responses import SeeOther, dead_link, private, step


@private
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponseBase:
    """The receipt of a signature as a page, or with ``?file`` as a JSON file.

    The link expires as the one to manage the signature does, whose page then offers a new one.
    """
    found = tokens.find(token, Token.Purpose.MANAGE)
    if found is None:
        return dead_link(request)
    signature = found.signature
    manage_url = reverse("wagtail_petition:signature", args=[token])
    if tokens.is_expired(found):
        return SeeOther(manage_url)
    tokens.open_until_expiry(found)
    made = receipts.get_receipt(signature)
    if made and "file" in request.GET:
        response = HttpResponse(receipts.as_bytes(made), content_type="application/json")
        response["Content-Disposition"] = f'attachment; filename="receipt-{signature.number}.json"'
        return response
    return step(
        request,
        "receipt",
        page=get_page(signature.petition, signature.language),
        language=signature.language,
        signature=signature,
        receipt=made,
        was_delivered=signature.delivered,
        manage_url=manage_url,
    )
