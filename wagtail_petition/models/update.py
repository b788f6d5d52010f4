"""The sending of an update to signers."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_petition.moments import deadline

from .petition import Petition


class Update(models.Model):
    """An update that is sent to signers, or was: one row for all of its pages and languages.

    News are pages. A changed closing date has no page: its text is ready in every language, and a
    draft of it offers to send it.

    Its emails are rows of ``OutgoingEmail``, at most one per signature, so nobody gets it twice,
    even if it is sent again to more people. They are queued in the order of the signatures' ids,
    little by little, so that pausing and stopping take effect at once. It holds no personal data.
    """

    class Kind(models.TextChoices):
        NEWS = "news", _("News")
        DEADLINE = "deadline", _("Closing date")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        SENDING = "sending", _("Sending")
        PAUSED = "paused", _("Paused")
        STOPPED = "stopped", _("Stopped")
        SENT = "sent", _("Sent")

    # In these states it may still be sent to somebody.
    ACTIVE = (State.SCHEDULED, State.SENDING, State.PAUSED)

    petition = models.ForeignKey(
        Petition, verbose_name=_("petition"), on_delete=models.PROTECT, related_name="updates"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.NEWS)
    # The pages' translation key, and the source's title when it was sent last.
    key = models.UUIDField(unique=True, editable=False)
    title = models.CharField(_("title"), max_length=255, blank=True)
    # The closing date that it tells, and the one before. None: without a closing date.
    closes_at = models.DateTimeField(_("closes"), null=True)
    closed_before = models.DateTimeField(null=True)
    # Its number in the petition, for ``?source=update-3``.
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("status"), max_length=9, choices=State.choices, default=State.DRAFT)
    # Who gets it, as in ``wagtail_petition.updates.audience``.
    audience = models.JSONField(default=dict)
    # When the texts were published that were sent as tests: {language: ISO date and time}.
    tested = models.JSONField(default=dict)
    send_at = models.DateTimeField(_("send at"), null=True)
    # Why a worker paused it: "offline" or "changed" (see ``updates.sending.get_problem``).
    problem = models.CharField(max_length=10, blank=True)
    # The highest id of a signature that it is sent to, and the id of the last one queued.
    until = models.BigIntegerField(default=0)
    position = models.BigIntegerField(default=0)
    # How many signers were to get it when it was started.
    total = models.PositiveIntegerField(_("recipients"), default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-pk"]
        permissions = [("send_update", _("Can send updates to signers"))]
        constraints = [
            models.UniqueConstraint(fields=["petition", "number"], name="petition_update_number")
        ]
        indexes = [
            models.Index(
                fields=["state"],
                condition=Q(state__in=["scheduled", "sending"]),
                name="petition_update_active",
            )
        ]

    def __str__(self):
        if not self.is_deadline:
            return self.title
        if self.closes_at is None:
            return gettext("No closing date any more")
        return gettext("New closing date: %(date)s") % {"date": deadline(self.closes_at)}

    @property
    def is_deadline(self) -> bool:
        """Whether it is about a changed closing date, and so has no page."""
        return self.kind == self.Kind.DEADLINE

    def is_outdated(self, closes_at: datetime | None) -> bool:
        """Whether it tells another closing date than ``closes_at``, or one that has passed."""
        if not self.is_deadline:
            return False
        return self.closes_at != closes_at or bool(closes_at and closes_at <= timezone.now())

    def has_ended(self, closes_at: datetime | None) -> bool:
        """Whether nobody is to get it any more. ``closes_at`` is the petition's closing date."""
        return self.state == self.State.STOPPED or self.is_outdated(closes_at)

    def was_tested(self, page: Any) -> bool:
        """Whether what is published of ``page``, one of its pages, was sent as a test."""
        return self.tested.get(page.language) == version(page)

    @property
    def is_at_work(self) -> bool:
        """Whether emails are being sent, so that its figures change."""
        return self.state == self.State.SENDING


def version(page: Any) -> str:
    """What is published of a page: another value once it was published again."""
    return page.last_published_at.isoformat() if page.last_published_at else ""
