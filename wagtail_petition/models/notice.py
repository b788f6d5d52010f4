"""What organisers are told by email: milestones and weekly reports."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .petition import Petition


class Notice(models.Model):
    """News about a petition for its organisers. It holds numbers, and no personal data.

    Its emails are rows of ``OutgoingEmail`` with its id in their payload, queued with it. A milestone
    exists once in a petition, and a report once in a week, so nobody is told twice, whatever workers
    do at the same time.
    """

    class Kind(models.TextChoices):
        GOAL = "goal", _("Goal reached")
        MILESTONE = "milestone", _("Milestone reached")
        REPORT = "report", _("Weekly report")

    class Skipped(models.TextChoices):
        """Why no report was sent in a week."""

        NOTHING = "nothing", _("Nothing has changed")
        CLOSED = "closed", _("The petition has been closed for four weeks")
        OFFLINE = "offline", _("The petition’s page isn’t live")
        NOBODY = "nobody", _("There is no address")

    petition = models.ForeignKey(
        Petition, verbose_name=_("petition"), on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    # The goal or milestone, or the Monday of a report.
    number = models.PositiveIntegerField(_("number"), null=True)
    week = models.DateField(_("week"), null=True)
    # The numbers of a report, as ``wagtail_petition.mail.reports`` counted them.
    figures = models.JSONField(default=dict)
    skipped = models.CharField(
        pgettext_lazy("an email that isn't sent", "skipped"),
        max_length=7,
        choices=Skipped.choices,
        blank=True,
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "number"], name="petition_notice_number"),
            models.UniqueConstraint(fields=["petition", "week"], name="petition_notice_week"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
