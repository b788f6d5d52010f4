"""Counts per day, country, language, source, origin and home region, for charts."""

from django.db import models
from django.db.models import Sum

from wagtail_petition.models.origin import Origin
from wagtail_petition.models.petition import Petition

# Smaller numbers could identify people. They are hidden from those who may not view signatures.
FEWEST = 5


class Tally(models.Model):
    """The number of a petition's counted signatures that were confirmed on one UTC day.

    One row per day, country, language, source, origin and home region. Charts and breakdowns read
    these rows instead of counting signatures.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="tallies")
    day = models.DateField()
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=16)
    source = models.CharField(max_length=32, blank=True)
    origin = models.CharField(max_length=16, choices=Origin.choices, default=Origin.WEB)
    home_region = models.CharField(max_length=12, blank=True)
    count = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("petition", "day", "country", "language", "source", "origin"),
                    "home_region",
                ],
                name="petition_tally_unique",
            )
        ]
        indexes = [
            # The number of signatures on paper, which petition pages may show.
            models.Index(
                fields=["petition"], condition=models.Q(origin="paper"), name="petition_tally_paper"
            )
        ]

    def __str__(self):
        return f"{self.day} {self.country} {self.language}: {self.count}"


def count_regions(petition: Petition) -> dict[str, int]:
    """Confirmed signatures by the region where people vote: {code: count}, most first."""
    tallies = Tally.objects.filter(petition=petition).exclude(home_region="").order_by()
    sums = tallies.values_list("home_region").annotate(sum=Sum("count")).filter(sum__gt=0)
    return dict(sums.order_by("-sum", "home_region"))
