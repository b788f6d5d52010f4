"""What a manager does to many signatures at once: the work and its record."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BulkAct(models.Model):
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
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The list's query string and, if not all that match it, the ids; emptied at the end, since
    # what was searched for may be a person.
    query = models.TextField(blank=True)
    ids = models.JSONField(null=True)
    # The same for the log, without what was searched for.
    selected = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.RUNNING)
    total = models.PositiveIntegerField(_("selected"))
    until = models.BigIntegerField()
    position = models.BigIntegerField(default=0)
    # How many it was done with: {petition id: number}.
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    wagtail_reference_index_ignore = True

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

    @property
    def is_at_work(self):
        """Whether batches of it are still to be done."""
        return self.state == self.State.RUNNING
