"""Counts of what tallies don't know, made from time to time: regions and answers."""

from django.db import models

from wagtail_petition.models.petition import Petition


class Breakdown(models.Model):
    """How many confirmed signatures of a petition there are by region, and by answer.

    No row changes with each signature: all are counted anew in the background, and ``counted_at``
    says when. ``regions`` is {region: count}; ``answers`` {question: {answer as JSON: count}}.
    """

    petition = models.OneToOneField(Petition, on_delete=models.CASCADE, related_name="breakdown")
    counted_at = models.DateTimeField()
    # The petition's count at that time: the same count has the same breakdown.
    count = models.PositiveIntegerField()
    regions = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)

    wagtail_reference_index_ignore = True

    def __str__(self):
        return f"{self.petition}: {self.count}"
