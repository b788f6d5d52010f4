"""Queued emails, addresses that opted out, and requests for a lost link."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .import_batch import ImportBatch
from .petition import Petition
from .signature import Signature
from .update import Update


class OutgoingEmail(models.Model):
    """An email, queued in the transaction that causes it.

    It holds neither text nor links. ``wagtail_petition.mail`` makes both when it sends the email,
    so the database holds no token, and a late email is up to date.

    Most emails are to signers. An email to another recipient has a petition instead of a signature, and
    a payload that says what it is about. ``wagtail_petition.mail.others`` finds out the address.
    """

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("Confirmation request")
        ALREADY_SIGNED = "already_signed", _("Already signed notice")
        RECEIPT = "receipt", _("Confirmation receipt")
        REMINDER = "reminder", _("Confirmation reminder")
        LAST_CALL = "last_call", _("Closing reminder")
        DELIVERED = "delivered", _("Delivery notice")
        MOVED = "moved", _("Import notice")
        UPDATE = "update", _("Update")
        # To others than signers:
        TO_RECIPIENT = "to_recipient", _("Delivery to its recipient")
        MILESTONE = "milestone", _("Milestone")
        REPORT = "report", _("Weekly report")

    class Priority(models.IntegerChoices):
        """The order of sending. Lower values first."""

        CONFIRMATION = 10
        RECEIPT = 20
        ORGANISER = 30
        WEBHOOK = 40
        REMINDER = 50
        UPDATE = 60

    PRIORITIES = {
        Kind.CONFIRM: Priority.CONFIRMATION,
        Kind.ALREADY_SIGNED: Priority.CONFIRMATION,
        Kind.RECEIPT: Priority.RECEIPT,
        Kind.REMINDER: Priority.REMINDER,
        Kind.LAST_CALL: Priority.REMINDER,
        Kind.DELIVERED: Priority.UPDATE,
        Kind.MOVED: Priority.UPDATE,
        Kind.UPDATE: Priority.UPDATE,
        Kind.TO_RECIPIENT: Priority.ORGANISER,
        Kind.MILESTONE: Priority.ORGANISER,
        Kind.REPORT: Priority.ORGANISER,
    }
    # Kinds that aren't about a signature, and not to its signer.
    TO_OTHERS = (Kind.TO_RECIPIENT, Kind.MILESTONE, Kind.REPORT)
    # Kinds that are sent at most once per signature; an update once per update and signature.
    ONCE_PER_SIGNATURE = (Kind.REMINDER, Kind.UPDATE)

    class State(models.TextChoices):
        DUE = "due", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("Skipped")
        # Its update is paused.
        HELD = "held", _("Paused")

    signature = models.ForeignKey(
        Signature, null=True, on_delete=models.CASCADE, related_name="emails"
    )
    # Of an email to others than signers: the petition, and what the email is about, in JSON.
    petition = models.ForeignKey(
        Petition,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,  # Nothing searches by it.
    )
    payload = models.JSONField(default=dict, blank=True)
    # The update that it is about, for that kind alone.
    update = models.ForeignKey(
        Update,
        null=True,
        on_delete=models.CASCADE,
        related_name="emails",
        db_index=False,  # petition_mail_one_update serves.
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DUE)
    priority = models.PositiveSmallIntegerField(
        choices=Priority.choices, default=Priority.CONFIRMATION
    )
    # When to send it. A worker that takes the email sets this to the end of its lease, so the
    # email is due again if the worker dies.
    due_at = models.DateTimeField(_("due"))
    lease = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    # Keyed hash of the address, for the limit per address.
    address_hash = models.CharField(max_length=32)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("email")
        verbose_name_plural = _("emails")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["signature"],
                condition=Q(kind="reminder"),
                name="petition_mail_one_reminder",
            ),
            models.UniqueConstraint(
                fields=["update", "signature"],
                condition=Q(update__isnull=False),
                name="petition_mail_one_update",
            ),
        ]
        indexes = [
            models.Index(
                fields=["priority", "due_at"],
                name="petition_mail_next",
                condition=Q(state="due"),
            ),
            models.Index(fields=["lease"], name="petition_mail_lease", condition=~Q(lease="")),
            models.Index(fields=["address_hash", "created_at"], name="petition_mail_address"),
            models.Index(fields=["sent_at"], name="petition_mail_sent"),
            # For the progress of an update, and its queued and paused emails.
            models.Index(
                fields=["update", "state"],
                condition=Q(update__isnull=False),
                name="petition_mail_of_update",
            ),
            # For the filter "email failed".
            models.Index(
                fields=["signature"], condition=Q(state="failed"), name="petition_mail_failed"
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class MailOptOut(models.Model):
    """An address that opted out of all emails, as a keyed hash."""

    address_hash = models.CharField(max_length=32, primary_key=True)
    # The imported file that opted it out. Reverting that import deletes the row.
    batch = models.ForeignKey(
        ImportBatch, null=True, on_delete=models.SET_NULL, editable=False, related_name="opt_outs"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    def __str__(self):
        return self.address_hash


class LinkRequest(models.Model):
    """A request for a new link to a signature, deleted when answered or after a day.

    It is stored whether or not the address has signed.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="+")
    email_key = models.CharField(max_length=320)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    def __str__(self):
        return f"{self.petition} {self.created_at}"
