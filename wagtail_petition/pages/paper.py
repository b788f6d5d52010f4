"""The number of signatures on paper that a petition page shows."""

from django.db.models import Sum

from wagtail_petition.models.origin import Origin
from wagtail_petition.models.tally import Tally
from wagtail_petition.models.terms import PaperDisplay


def paper_count(page) -> int:
    """How many signatures in the public total were given on paper; 0 if the page doesn't say it.

    Typed-in signatures that count, and the bare numbers. A signature that is withdrawn or
    invalidated no longer counts. Who signed on paper and online counts once, as an online signer if
    they signed here first.
    """
    petition = page.petition
    if petition.pk is None or page.terms.paper_display != PaperDisplay.APART:
        return 0
    typed = Tally.objects.filter(petition=petition, origin=Origin.PAPER)
    return petition.offline_count + (typed.aggregate(Sum("count"))["count__sum"] or 0)
