"""Mails that are owed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .petition import Petition
from .signature import Signature


class OutgoingEmail(models.Model):
    """A mail that is owed to a signer, written in the transaction that owes it.

    It holds no words and no links: ``wagtail_petition.mail`` makes those when it sends, so
    that no token lies in the database and a late mail says what is true by then.
    """

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("Confirmation request")
        ALREADY_SIGNED = "already_signed", _("Already signed notice")
        RECEIPT = "receipt", _("Confirmation receipt")
        REMINDER = "reminder", _("Confirmation reminder")
        LAST_CALL = "last_call", _("Closing reminder")
        DELIVERED = "delivered", _("Delivery notice")

    class Priority(models.IntegerChoices):
        """What is sent first when more is due than can be sent. Lower comes first."""

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
    }
    # Nobody is reminded twice of one signature.
    ONCE_PER_SIGNATURE = (Kind.REMINDER,)

    class State(models.TextChoices):
        DUE = "due", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("Skipped")

    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="emails")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DUE)
    priority = models.PositiveSmallIntegerField(
        choices=Priority.choices, default=Priority.CONFIRMATION
    )
    # Due from then on. A worker that takes the mail moves this into the future, to the end of
    # its lease: if the worker dies, the mail is due again then.
    due_at = models.DateTimeField(_("due"))
    lease = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)
    # Which address it goes to, as a keyed hash: what the limit per address counts.
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
            # Whom an email did not reach.
            models.Index(
                fields=["signature"], condition=Q(state="failed"), name="petition_mail_failed"
            ),
        ]

    def __str__(self):
        return self.get_kind_display()


class MailOptOut(models.Model):
    """An address that wants no more mail of ours, ever; kept as a keyed hash."""

    address_hash = models.CharField(max_length=32, primary_key=True)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    def __str__(self):
        return self.address_hash


class LinkRequest(models.Model):
    """Somebody has lost the link to their signature: kept until a worker answers it, a day at most.

    Nobody knows at that time whether there is such a signature.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="+")
    email_key = models.CharField(max_length=320)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    def __str__(self):
        return f"{self.petition} {self.created_at}"
