"""Files with signatures that take their time: the work, and where the file lies."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .selected_work import SelectedWork


class SignatureExport(SelectedWork):
    """A file with the signatures that were selected, made in the background for ``user``.

    It is made under a lease: if its worker is killed, the next makes it from the start. The file
    exists for people only once the row says that it is ready, and until it expires.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("In progress")
        STOPPED = "stopped", _("Stopped")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    format = models.CharField(_("file"), max_length=8)
    # Names of columns, as SignatureResource takes them.
    columns = models.JSONField(_("columns"), default=list)
    # Those of the page it was asked for on.
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

    # What was made: where it lies in the private storage, and {petition id: rows}.
    path = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    # Whether the user was written that it is ready.
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

    def __str__(self):
        return f"{self.format.upper()} ({self.created_at:%Y-%m-%d %H:%M})"

    @property
    def address(self):
        """Where to write that it is ready; "" if that is not known."""
        return getattr(self.user, self.user.get_email_field_name(), "") if self.user else ""

    @property
    def count(self):
        """How many rows the file has so far."""
        return self.done

    @property
    def is_ready(self):
        """Whether there is a file to download."""
        return self.state == self.State.READY and self.expires_at > timezone.now()
