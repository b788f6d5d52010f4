"""Recount the ledger from its rows."""

from django.db.models import Count

from wagtail_petition import ledger
from wagtail_petition.models import Signature


def drift(petition):
    """The difference between signatures and count and tallies: 0 if they agree."""
    return sum(abs(kept - counted) for _what, kept, counted in ledger.recount(petition))


def duplicates(petition):
    """The number of counted signatures whose address has another counted one."""
    repeated = (
        petition.signatures.filter(status=Signature.Status.CONFIRMED, email_key__isnull=False)
        .order_by()
        .values("email_key")
        .annotate(many=Count("pk"))
        .filter(many__gt=1)
    )
    return sum(row["many"] - 1 for row in repeated)
