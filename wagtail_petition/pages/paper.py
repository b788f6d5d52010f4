"""The number of signatures on paper that a petition page shows."""

from django.db.models import Sum

from wagtail_petition.models.origin import Origin
from wagtail_petition.models.tally import Tally
from wagtail_petition.models.terms import PaperDisplay


def paper_count(page) -> int:
    """How many signatures in the public total are on paper; 0 if the page doesn't show it.

    The typed-in signatures that count, and the numbers without names. Somebody who signed both
    online and on paper counts once: as online if that was first.
    """
    petition = page.petition
    if petition.pk is None or page.terms.paper_display != PaperDisplay.APART:
        return 0
    typed = Tally.objects.filter(petition=petition, origin=Origin.PAPER)
    return petition.offline_count + (typed.aggregate(Sum("count"))["count__sum"] or 0)
