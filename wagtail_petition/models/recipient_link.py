"""Private links for recipients of deliveries, their use, and the recipients' answers."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_petition.models.delivery import Delivery


class RecipientLink(models.Model):
    """A private link to a delivery for its recipient.

    The token itself is only in the link. The database has its SHA-256. A reminder has a token of
    its own for the same link, since the first one isn't known any more.
    """

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="recipient_links", editable=False
    )
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    reminder_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    # The hash of a code that the page asks for, the wrong attempts, and until when it takes none:
    # see ``wagtail_petition.delivery.access_code``.
    code = models.CharField(_("code"), max_length=128, blank=True, editable=False)
    code_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    code_paused_until = models.DateTimeField(null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("recipient’s link")
        verbose_name_plural = _("recipient’s links")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reminder_sha256"],
                condition=~models.Q(reminder_sha256=""),
                name="petition_recipient_reminders",
            )
        ]

    def __str__(self):
        return f"{self.delivery}: {self.sha256[:8]}"

    @property
    def works(self):
        """Whether the link is neither revoked nor expired, and its delivery not cancelled."""
        return (
            self.revoked_at is None
            and timezone.now() < self.expires_at
            and self.delivery.state != Delivery.State.CANCELLED
        )


class RecipientVisit(models.Model):
    """A view of the recipient's page, or a download there, without data about the visitor."""

    link = models.ForeignKey(RecipientLink, on_delete=models.CASCADE, related_name="visits")
    at = models.DateTimeField(auto_now_add=True)
    # The file, and the delivery's manifest at that time. Both are empty for a view.
    file = models.CharField(max_length=100, blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    # Whether the file was a corrected one, made after the hand-over.
    is_corrected = models.BooleanField(default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["link", "at"], name="petition_recipient_visits")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.file}"


class Acknowledgement(models.Model):
    """A recipient's answer to a delivery: received, or declined.

    Never changed or deleted. The name, the office and the note can be erased, for somebody whom
    they name.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Receipt confirmed")
        DECLINED = "declined", _("Declined")

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="acknowledgements"
    )
    link = models.ForeignKey(RecipientLink, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # The sentence that was confirmed, in the language of the page.
    text = models.TextField()
    name = models.CharField(_("name"), max_length=200, blank=True)
    office = models.CharField(_("office"), max_length=200, blank=True)
    day = models.DateField(_("date"))
    note = models.TextField(_("note"), blank=True)
    manifest_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    # When the email to the organiser was sent or failed.
    told_at = models.DateTimeField(null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("recipient’s answer")
        verbose_name_plural = _("recipient’s answers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "kind"], name="petition_one_acknowledgement"
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(told_at=None),
                name="petition_untold_answers",
            )
        ]

    def __str__(self):
        return f"{self.delivery}: {self.get_kind_display()}"
