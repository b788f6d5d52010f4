"""Count a petition's signatures by region, district and answer, which tallies don't hold."""

from collections.abc import Iterable

from django.db.models import Count
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from wagtail_petition.models.breakdown import Breakdown
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature


def count_breakdown(petition: Petition, questions: Iterable[str]) -> Breakdown:
    """Count the confirmed signatures by region and by the answers to ``questions`` (ids).

    Reads all signatures of the petition without locking, so call it in the background.
    """
    counted_at, count = timezone.now(), petition.signature_count
    confirmed = petition.signatures.filter(status=Signature.Status.CONFIRMED).order_by()
    regions = confirmed.exclude(region="").values_list("region").annotate(Count("pk"))
    homes = confirmed.exclude(home_district="").values_list(
        "home_country", "home_region", "home_district"
    )
    districts = {
        f"{country}|{region}|{district}": count
        for country, region, district, count in homes.annotate(Count("pk"))
    }
    answers = {}
    for question in questions:
        given = confirmed.annotate(given=KeyTextTransform(question, "answers"))
        rows = given.values_list("given").annotate(Count("pk"))
        answers[question] = {answer: number for answer, number in rows if answer is not None}
    return Breakdown.objects.update_or_create(
        petition=petition,
        defaults={
            "counted_at": counted_at,
            "count": count,
            "regions": dict(regions),
            "answers": answers,
            "districts": districts,
        },
    )[0]
