"""Block rules, invalidation rules, and the records that limits on signing need."""

import secrets
from typing import Any

from django.contrib.admin import display
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_petition.countries import CountryField

from .petition import Petition


def new_secret() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(32)


def masked(value: str) -> str:
    """A rule's value. Of an address, only the first letter and the domain."""
    local, at, domain = value.rpartition("@")
    return f"{local[:1]}…{at}{domain}" if at else value


class BlockRule(models.Model):
    """An email domain, email address or network that may not sign, or always may."""

    class Kind(models.TextChoices):
        DOMAIN = "domain", _("Email domain")
        ADDRESS = "address", _("Email address")
        NETWORK = "network", _("Network (IP address or CIDR)")

    class Effect(models.TextChoices):
        BLOCK = "block", _("Block")
        ALLOW = "allow", _("Allow")

    kind = models.CharField(_("type"), max_length=8, choices=Kind.choices)
    value = models.CharField(
        _("value"),
        max_length=254,
        help_text=_(
            "E.g. example.org (includes subdomains), name@example.org, 192.0.2.7 or 2001:db8::/48"
        ),
    )
    # For an address ``value`` is its keyed hash (``identity.hashing.address_hash``). This is shown.
    hint = models.CharField(max_length=254, blank=True, editable=False)
    effect = models.CharField(
        _("action"), max_length=5, choices=Effect.choices, default=Effect.BLOCK
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

    def __str__(self) -> str:
        # The log stores this text, so it must not hold a full address.
        return f"{self.get_kind_display()}: {self.shown}"

    @property
    @display(description=_("value"))
    def shown(self) -> str:
        """The value to show. Of an address, only the first letter and the domain."""
        return self.hint or masked(self.value)


class InvalidationQuerySet(models.QuerySet["Invalidation"]):
    """Invalidation rules, and how to erase personal data from them."""

    def forget(self, *names: str) -> None:
        """Erase the fields ``names`` of these rules, and note the names in ``erased_fields``.

        Unfinished rules end, since without these fields they would match other signatures.
        """
        for rule in self:
            gone = [name for name in names if getattr(rule, name)]
            if gone:
                kept = Invalidation.objects.filter(pk=rule.pk)
                kept.filter(state__in=Invalidation.UNDONE).update(state=Invalidation.State.DONE)
                kept.update(
                    **dict.fromkeys(gone, ""),
                    erased_fields=[*rule.erased_fields, *gone],
                    until=models.F("position"),
                )


class Invalidation(models.Model):
    """A rule that invalidates the signatures of one petition that match all fields set.

    It also records the progress of the work, which goes through the numbers up to ``until`` in
    batches; ``position`` is the last number done. ``Signature.invalidation`` refers to the rule,
    so that undoing it restores exactly the signatures that it invalidated.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        STOPPED = "stopped", _("Stopped")
        DONE = "done", _("Done")
        REVERSING = "reversing", _("Restoring")
        REVERSED = "reversed", _("Restored")

    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        on_delete=models.CASCADE,
        related_name="invalidations",
    )
    name_pattern = models.CharField(
        _("name"),
        max_length=200,
        blank=True,
        help_text=_("First and last name, in any case. Use * as a wildcard: *bot*, John Smi*"),
    )
    address = models.CharField(
        _("email address"),
        max_length=320,
        blank=True,
        help_text=_(
            "Also matches +tags, and dots in Gmail addresses. Use * as a wildcard: "
            "user*@example.org"
        ),
    )
    domain = models.CharField(
        _("email domain"),
        max_length=254,
        blank=True,
        help_text=_("E.g. example.org. Includes subdomains."),
    )
    network = models.CharField(
        _("network"),
        max_length=64,
        blank=True,
        help_text=_(
            "An IP address or range, e.g. 192.0.2.0/24, or a network ID from “Suspicious "
            "signatures”. Network data is deleted after 7 days."
        ),
    )
    postcode = models.CharField(
        _("postcode"),
        max_length=20,
        blank=True,
        help_text=_("Use * as a wildcard: 00*"),
    )
    country = CountryField(_("country"), blank=True)
    signed_from = models.DateTimeField(_("signed from"), null=True, blank=True)
    signed_until = models.DateTimeField(_("signed until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=32, blank=True)
    reason = models.CharField(
        _("reason"),
        max_length=255,
        help_text=_(
            "Shown in the history. Don’t include personal data: the history is kept after "
            "signatures are erased."
        ),
    )
    state = models.CharField(
        _("status"), max_length=9, choices=State.choices, default=State.RUNNING, editable=False
    )
    until = models.PositiveIntegerField(_("up to number"), editable=False)
    position = models.PositiveIntegerField(_("processed up to number"), default=0, editable=False)
    count = models.PositiveIntegerField(_("invalidated"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    # Names of the fields erased together with the data of the people they named.
    erased_fields = models.JSONField(default=list, editable=False)

    objects = InvalidationQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("bulk invalidation")
        verbose_name_plural = _("bulk invalidations")
        ordering = ["-pk"]

    RULE_FIELDS = (
        *("name_pattern", "address", "domain", "network", "postcode", "country"),
        *("signed_from", "signed_until", "source"),
    )

    # Fields that may name a person, and all fields that may identify one.
    NAMING = ("name_pattern", "address")
    PERSONAL = (*NAMING, "domain", "network", "postcode")
    UNDONE = (State.RUNNING, State.STOPPED)

    def __str__(self) -> str:
        return self.reason

    @property
    def rule(self) -> dict[str, Any]:
        """The fields that are set: {name: value}."""
        return {name: value for name in self.RULE_FIELDS if (value := getattr(self, name))}

    @property
    def is_at_work(self) -> bool:
        """Whether it is still being applied or undone."""
        return self.state in (self.State.RUNNING, self.State.REVERSING)


class NetworkSecret(models.Model):
    """The key of one week's network hashes. Without it, no network can be matched to a hash."""

    week = models.DateField(unique=True)
    secret = models.BinaryField(default=new_secret)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return str(self.week)


class Visit(models.Model):
    """An accepted attempt to sign, for the limits per network and petition. Kept for a day."""

    petition = models.ForeignKey(
        Petition, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    network = models.CharField(max_length=32)
    browser = models.CharField(max_length=32, blank=True, default="")
    at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        indexes = [
            models.Index(fields=["network", "petition", "at"], name="petition_visit_network")
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.at}"


class SpentProof(models.Model):
    """A proof of work that has been used. Kept until it expires."""

    nonce = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.nonce
