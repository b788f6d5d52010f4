"""Recount the ledger from its rows."""

from django.db.models import Count

from wagtail_petition import ledger
from wagtail_petition.models import Signature


def drift(petition):
    """How far the count and the tallies are from the signatures: 0 if they agree."""
    return sum(abs(kept - counted) for _what, kept, counted in ledger.recount(petition))


def duplicates(petition):
    """How many signatures count beyond one for each address."""
    repeated = (
        petition.signatures.filter(status=Signature.Status.CONFIRMED)
        .order_by()
        .values("email_key")
        .annotate(many=Count("pk"))
        .filter(many__gt=1)
    )
    return sum(row["many"] - 1 for row in repeated)
