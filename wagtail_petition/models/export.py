"""Exports of signatures that are made in the background."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .selected_work import SelectedWork


class SignatureExport(SelectedWork):
    """A file with the selected signatures, made in the background for ``user``.

    A worker makes it under a lease. If the worker dies, the next one starts again. The file can be
    downloaded once the state is "ready", until ``expires_at``.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("In progress")
        STOPPED = "stopped", _("Stopped")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The name of a format, or of the tool that the file is for.
    format = models.CharField(_("format"), max_length=32)
    # Names of columns of SignatureResource, or of the tool's resource.
    columns = models.JSONField(_("columns"), default=list)
    # Whether a file for a tool also holds people who didn't opt in to updates.
    everyone = models.BooleanField(default=False)
    # Language, time zone and script name of the request.
    language = models.CharField(_("language"), max_length=16)
    time_zone = models.CharField(_("time zone"), max_length=64)
    script_name = models.CharField(max_length=255, blank=True, editable=False)

    state = models.CharField(
        _("status"), max_length=7, choices=State.choices, default=State.RUNNING
    )
    # Rows in the file so far.
    done = models.PositiveIntegerField(_("done"), default=0)
    error = models.TextField(blank=True)
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    # The finished file: ``path`` is in the private storage, ``counts`` is {petition id: rows}.
    path = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    # Whether the email that it is ready was sent.
    is_told = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state"], condition=Q(state="running"), name="petition_export_running"
            )
        ]

    def __str__(self) -> str:
        return f"{self.format.upper()} ({self.created_at:%Y-%m-%d %H:%M})"

    @property
    def address(self) -> str:
        """The user's email address, or "" if there is none."""
        return getattr(self.user, self.user.get_email_field_name(), "") if self.user else ""

    @property
    def ending(self) -> str:
        """The ending of the finished file, like "csv"."""
        return self.path.rpartition(".")[2] or self.format

    @property
    def count(self) -> int:
        """The number of rows written so far."""
        return self.done

    @property
    def is_ready(self) -> bool:
        """Whether the file can be downloaded."""
        return self.state == self.State.READY and self.expires_at > timezone.now()
