"""The base of models for background work under a lease."""

from django.db import models


class Leased(models.Model):
    """Work that one worker at a time does: see ``background.leases``.

    ``error`` is the reason if it failed.
    """

    error = models.TextField(blank=True, editable=False)
    lease = models.CharField(max_length=32, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
