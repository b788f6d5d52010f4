"""Emails with which deliveries are sent to their recipients."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .delivery import Delivery
from .email import OutgoingEmail
from .recipient_link import RecipientLink


class DeliveryEmail(models.Model):
    """An email of a delivery to its recipient, with a private link.

    Its addresses and its text are erased when the link has ended. That and when it was sent stays.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="emails")
    # Its token is made when the email is sent.
    link = models.OneToOneField(RecipientLink, on_delete=models.CASCADE, related_name="email")
    # Of the form, so that sending it again does nothing.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Normalised addresses.
    to = models.JSONField(_("to"), default=list)
    cc = models.JSONField(_("CC"), default=list)
    reply_to = models.EmailField(_("reply-to"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=16)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    # When to remind; null once it is decided, or without a reminder.
    remind_at = models.DateTimeField(_("reminder"), null=True)
    queued = models.OneToOneField(
        OutgoingEmail, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reminder = models.OneToOneField(
        OutgoingEmail, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    erased_at = models.DateTimeField(null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("email to the recipient")
        verbose_name_plural = _("emails to the recipient")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["remind_at"],
                condition=models.Q(remind_at__isnull=False),
                name="petition_delivery_reminders",
            ),
            models.Index(
                fields=["delivery"],
                condition=models.Q(erased_at=None),
                name="petition_delivery_addresses",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}: {self.subject}"
