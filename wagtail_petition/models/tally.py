"""Counts of signatures, for charts and for lists by where people vote."""

from django.db import models
from django.db.models import Sum

from wagtail_petition.models.origin import Origin
from wagtail_petition.models.petition import Petition

# Smaller numbers could identify people. They are hidden from those who may not view signatures.
FEWEST = 5


class Tally(models.Model):
    """The number of a petition's counted signatures that were confirmed on one UTC day.

    One row per day, country, language, source and origin. Charts and breakdowns read these rows
    instead of counting signatures.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="tallies")
    day = models.DateField()
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=16)
    source = models.CharField(max_length=32, blank=True)
    origin = models.CharField(max_length=16, choices=Origin.choices, default=Origin.WEB)
    count = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "day", "country", "language", "source", "origin"],
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


class HomeTally(models.Model):
    """The number of a petition's counted signatures from one country that vote in one region.

    Signatures without a home region are in none. Kept apart from ``Tally``: with days, there could
    be as many rows as signatures.
    """

    petition = models.ForeignKey(
        Petition,
        on_delete=models.CASCADE,
        related_name="home_tallies",
        db_index=False,  # petition_home_tally_unique serves.
    )
    home_region = models.CharField(max_length=12)
    country = models.CharField(max_length=2, blank=True)
    count = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "home_region", "country"], name="petition_home_tally_unique"
            )
        ]

    def __str__(self):
        return f"{self.home_region} {self.country}: {self.count}"


def count_regions(petition: Petition) -> dict[str, int]:
    """Confirmed signatures by the region where people vote: {code: count}, most first."""
    tallies = HomeTally.objects.filter(petition=petition).order_by().values_list("home_region")
    sums = tallies.annotate(sum=Sum("count")).filter(sum__gt=0)
    return dict(sums.order_by("-sum", "home_region"))
