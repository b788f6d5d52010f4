"""How to verify deliveries: the roots of those that are public, and the programs for it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wagtail_petition.delivery.proof import VERIFIERS, read_verifier
from wagtail_petition.models.delivery import Delivery

from .pages import cached, noindex, public_page, render_public


@require_safe
@noindex
@cached(max_age=60, stale_while_revalidate=600)
def proof(request: HttpRequest, key: UUID) -> HttpResponse:
    """The public deliveries of a petition that were handed over, with their roots."""
    page = public_page(request, key)
    made = Delivery.objects.filter(
        petition=page.petition, state=Delivery.State.DELIVERED, is_public=True
    )
    deliveries = made.exclude(root="").order_by("-delivered_on", "-pk")
    return render_public(request, "proof", page, deliveries=deliveries)


@require_safe
@cached(max_age=3600)
def verifier(request: HttpRequest, name: str) -> HttpResponse:
    """Download one of the programs that verify deliveries and receipts."""
    if name not in VERIFIERS:
        raise Http404
    response = HttpResponse(read_verifier(name), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
