"""Requests for a lost link go with their person's data."""

from wagtail_petition.models.email import LinkRequest
from wagtail_petition.models.petition import Petition


def forget_link_requests(petition: Petition, signatures) -> None:
    """Forget the requests of the persons behind ``signatures``, whose data is about to go."""
    keys = signatures.exclude(email_key=None).values("email_key")
    LinkRequest.objects.filter(petition=petition, email_key__in=keys).delete()
