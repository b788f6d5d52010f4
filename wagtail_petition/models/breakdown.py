"""Counts by region, district and answer, which tallies don't hold."""

from django.db import models

from wagtail_petition.models.petition import Petition


class Breakdown(models.Model):
    """The number of a petition's confirmed signatures by region, district and answer.

    Recounted in the background from time to time, last at ``counted_at``.
    ``regions`` is {region: count}, ``answers`` is {question id: {answer as JSON: count}}, and
    ``districts`` is {"country|region|district" where people vote: count}.
    """

    petition = models.OneToOneField(Petition, on_delete=models.CASCADE, related_name="breakdown")
    counted_at = models.DateTimeField()
    # The petition's count at that time. If it is unchanged, so is the breakdown.
    count = models.PositiveIntegerField()
    regions = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    districts = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    def __str__(self):
        return f"{self.petition}: {self.count}"
