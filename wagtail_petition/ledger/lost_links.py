"""Send signers a new link to their signature when they have lost the email.

A request is stored as a row, and the worker that sends emails answers it. So the response takes
the same time and looks the same whether or not the address has signed.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wagtail_petition.identity.emails import email_key
from wagtail_petition.models.email import LinkRequest
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature

from .emails import tell_outbox
from .signing import send_confirmation_again, send_receipt_again

Status = Signature.Status

REQUESTS_AT_ONCE = 100
# Older requests are deleted unanswered.
OLDEST = timedelta(days=1)


def request_link(petition: Petition, email: str) -> None:
    """Ask for a link to the signature of ``email`` (normalised), to be sent to that address."""
    with transaction.atomic():
        LinkRequest.objects.create(petition=petition, email_key=email_key(email))
        tell_outbox()


def answer_link_requests() -> None:
    """Queue an email for each request whose address has signed, and delete the requests."""
    LinkRequest.objects.filter(created_at__lt=timezone.now() - OLDEST).delete()
    while requests := list(LinkRequest.objects.order_by("pk")[:REQUESTS_AT_ONCE]):
        for request in requests:
            with transaction.atomic():
                # Of several workers, the one that deletes the request answers it.
                if LinkRequest.objects.filter(pk=request.pk).delete()[0]:
                    _answer(request)


def _answer(request: LinkRequest) -> None:
    signatures = Signature.objects.select_related("petition").filter(
        petition=request.petition_id, email_key=request.email_key
    )
    if confirmed := signatures.filter(status=Status.CONFIRMED).first():
        send_receipt_again(confirmed)
    elif attempt := signatures.filter(status=Status.UNCONFIRMED).order_by("-pk").first():
        send_confirmation_again(attempt)
