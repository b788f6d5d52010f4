"""Rules of bulk invalidations, and what they did."""

from wagtail_petition.models import Invalidation, Petition, Signature


def rule(page, **fields):
    return Invalidation(
        petition=Petition.objects.get(key=page.petition.key), reason="Spam", **fields
    )


def invalidated():
    return list(
        Signature.objects.filter(status=Signature.Status.INVALIDATED)
        .order_by("number")
        .values_list("number", flat=True)
    )
