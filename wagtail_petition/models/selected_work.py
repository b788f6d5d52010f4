"""What a manager asks to be done with many signatures, outside of the request."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SelectedWork(models.Model):
    """Work on the signatures that ``user`` selected in the list.

    A model of it has a ``State`` with ``RUNNING``, and says with ``count`` how far it is.
    """

    # Of each model its own.
    State: Any
    state: Any

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
    total = models.PositiveIntegerField(_("selected"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    @property
    def is_at_work(self) -> bool:
        """Whether there is still something to be done."""
        return self.state == self.State.RUNNING


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
