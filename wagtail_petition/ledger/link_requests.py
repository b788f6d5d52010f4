"""Delete requests for a lost link when the person's data is erased."""

from django.db.models import QuerySet

from wagtail_petition.models.email import LinkRequest
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature


def forget_link_requests(petition: Petition, signatures: QuerySet[Signature]) -> None:
    """Delete the requests of these signers. Call it before their addresses are erased."""
    keys = signatures.exclude(email_key=None).values("email_key")
    LinkRequest.objects.filter(petition=petition, email_key__in=keys).delete()
