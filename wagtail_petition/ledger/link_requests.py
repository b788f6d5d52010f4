"""Requests for a lost link go with their person's data."""

from django.db.models import QuerySet

from wagtail_petition.models.email import LinkRequest
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature


def forget_link_requests(petition: Petition, signatures: QuerySet[Signature]) -> None:
    """Forget the requests of the persons behind ``signatures``, whose data is about to go."""
    keys = signatures.exclude(email_key=None).values("email_key")
    LinkRequest.objects.filter(petition=petition, email_key__in=keys).delete()
