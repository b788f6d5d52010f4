"""The tokens of links in emails, stored as hashes."""

from django.db import models

from wagtail_petition.models.signature import Signature


class Token(models.Model):
    """A link in an email, for one signature and one purpose.

    The token itself is only in the email. The database has its SHA-256.
    """

    class Purpose(models.TextChoices):
        CONFIRM = "confirm"
        MANAGE = "manage"
        UNSUBSCRIBE = "unsubscribe"

    sha256 = models.CharField(max_length=64, primary_key=True)
    purpose = models.CharField(max_length=11, choices=Purpose.choices)
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="tokens")
    expires_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    def __str__(self):
        return f"{self.purpose} {self.sha256[:8]}"
