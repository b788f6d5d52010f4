"""Background work on signatures that a manager selected."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SelectedWork(models.Model):
    """Work on the signatures that ``user`` selected in the list.

    Subclasses define ``State``, with ``RUNNING``, and ``count``, the number done so far.
    """

    # Defined by each subclass.
    State: Any
    state: Any

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The list's query string, and the selected ids unless all matches were selected. Both are
    # erased at the end, since a search may hold a person's name.
    query = models.TextField(blank=True)
    ids = models.JSONField(null=True)
    # The selection for the log, without the search text.
    selected = models.JSONField(default=dict)
    total = models.PositiveIntegerField(_("selected"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    @property
    def is_at_work(self) -> bool:
        """Whether the work isn't finished yet."""
        return self.state == self.State.RUNNING


class BulkAct(SelectedWork):
    """An action on all selected signatures, done in batches in the order of their ids.

    ``until`` is the highest id, ``position`` the last one done. Each batch checks again what
    ``user`` may do.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")

    verb = models.CharField(_("action"), max_length=16)
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.RUNNING)
    until = models.BigIntegerField()
    position = models.BigIntegerField(default=0)
    # Signatures done so far: {petition id: number}.
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

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"

    @property
    def count(self) -> int:
        """The number of signatures done so far."""
        return sum(self.counts.values())
