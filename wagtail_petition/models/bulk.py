"""What a manager does to many signatures at once: the work and its record."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .work import SelectedWork


class BulkAct(SelectedWork):
    """One act on all signatures that were selected, done in batches.

    It goes through the signatures up to ``until`` in the order of their ids; ``position`` is how
    far it has come. What ``user`` may no longer do when a batch's turn comes is not done.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")

    verb = models.CharField(_("act"), max_length=16)
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.RUNNING)
    until = models.BigIntegerField()
    position = models.BigIntegerField(default=0)
    # How many it was done with: {petition id: number}.
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state"], condition=Q(state="running"), name="petition_bulk_running"
            )
        ]

    def __str__(self):
        return f"{self.verb} {self.pk}"

    @property
    def count(self):
        """How many signatures it was done with so far."""
        return sum(self.counts.values())
