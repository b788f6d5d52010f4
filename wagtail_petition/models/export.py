"""Files with signatures that take their time: the work, and where the file lies."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SignatureExport(models.Model):
    """A file with the signatures that were selected, made in the background for ``user``.

    It is made under a lease: if its worker is killed, the next makes it from the start. The file
    exists for people only once the row says that it is ready, and until it expires.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Being made")
        STOPPED = "stopped", _("Stopped")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
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
    format = models.CharField(_("file"), max_length=8)
    # Names of columns, as SignatureResource takes them.
    columns = models.JSONField(_("columns"), default=list)
    # Those of the page it was asked for on.
    language = models.CharField(_("language"), max_length=16)
    time_zone = models.CharField(_("time zone"), max_length=64)

    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.RUNNING)
    total = models.PositiveIntegerField(_("selected"))
    # Rows in the file so far.
    done = models.PositiveIntegerField(_("done"), default=0)
    error = models.TextField(blank=True)
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    # What was made: where it lies in the private storage, and {petition id: rows}.
    path = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    # Whether the user was written that it is ready.
    is_told = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

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
    def is_at_work(self):
        """Whether it is still being made."""
        return self.state == self.State.RUNNING

    @property
    def is_ready(self):
        """Whether there is a file to download."""
        return self.state == self.State.READY and self.expires_at > timezone.now()
