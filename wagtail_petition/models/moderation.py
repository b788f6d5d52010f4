"""What is refused from now on, and how often a network came by."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from .petition import Petition


def new_secret():
    """32 random bytes."""
    return secrets.token_bytes(32)


class BlockRule(models.Model):
    """An e-mail domain, address or network that may not sign, or always may."""

    class Kind(models.TextChoices):
        DOMAIN = "domain", _("E-mail domain")
        ADDRESS = "address", _("E-mail address")
        NETWORK = "network", _("Network (IP address or CIDR)")

    class Effect(models.TextChoices):
        BLOCK = "block", _("May not sign")
        ALLOW = "allow", _("May always sign")

    kind = models.CharField(_("what"), max_length=8, choices=Kind.choices)
    value = models.CharField(
        _("value"),
        max_length=254,
        help_text=_(
            "For example: example.org (and every domain under it), name@example.org, "
            "192.0.2.7 or 2001:db8::/48."
        ),
    )
    effect = models.CharField(
        _("effect"), max_length=5, choices=Effect.choices, default=Effect.BLOCK
    )
    note = models.CharField(_("note"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("block rule")
        verbose_name_plural = _("block rules")
        ordering = ["kind", "value"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="petition_block_rule_unique")
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.value}"


class NetworkSecret(models.Model):
    """The key of one week's network hashes. Once deleted, no hash can be made again."""

    week = models.DateField(unique=True)
    secret = models.BinaryField(default=new_secret)

    wagtail_reference_index_ignore = True

    def __str__(self):
        return str(self.week)


class Visit(models.Model):
    """One attempt to sign, for the windows per network and petition; kept for a day."""

    petition = models.ForeignKey(
        Petition, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    network = models.CharField(max_length=32)
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [
            models.Index(fields=["network", "petition", "at"], name="petition_visit_network")
        ]

    def __str__(self):
        return f"{self.network} {self.at}"


class SpentProof(models.Model):
    """A proof of work that has bought its signature; kept until it would have expired."""

    nonce = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    def __str__(self):
        return self.nonce
