"""Signatures."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_petition.countries import CountryField
from wagtail_petition.home.residence import name_residence
from wagtail_petition.home.ties import HomeTie
from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.moderation import Invalidation
from wagtail_petition.models.origin import Origin
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.public_name import public_name
from wagtail_petition.models.search import KeyField, fold
from wagtail_petition.models.signature_indexes import INDEXES
from wagtail_petition.models.signed_text import SignedText


def _name_key(signature):
    return fold(f"{signature.given_name} {signature.family_name}")


def _family_key(signature):
    return fold(f"{signature.family_name} {signature.given_name}")


def _email_domain(signature):
    return (signature.email_key or "").rpartition("@")[2]


class SignatureQuerySet(models.QuerySet):
    """A queryset with the public signatures, and those whose data isn't erased."""

    def with_data(self) -> Self:
        """Signatures whose data isn't erased. Not all of them have an email."""
        return self.exclude(email_key=None, name_key="")

    def public(self) -> Self:
        """Confirmed signatures with a public name, newest first.

        Loads only the fields that the public list shows. Filtered by petition, with at most one
        bound on ``number``, it reads a few index entries, however many signatures there are.
        """
        return (
            self.filter(status=Signature.Status.CONFIRMED, show_name=True)
            .order_by("-number")
            .only(
                *("petition", "number", "given_name", "family_name", "city", "country"),
                *("confirmed_at", "message", "message_state"),
            )
        )


class Signature(models.Model):
    """One person's signature of one petition, confirmed or not.

    Written by ``wagtail_petition.ledger`` only. Numbers are never reused: withdrawn and erased
    signatures leave a gap.
    """

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Unconfirmed")
        CONFIRMED = "confirmed", _("Confirmed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        INVALIDATED = "invalidated", _("Invalidated")

    class MessageState(models.TextChoices):
        PENDING = "pending", _("Pending")
        SHOWN = "shown", _("Approved")
        HIDDEN = "hidden", _("Rejected")

    class EmailState(models.TextChoices):
        OK = "ok", _("No problem known")
        BOUNCED = "bounced", _("Bounced")
        COMPLAINED = "complained", _("Reported as spam")

    petition = models.ForeignKey(
        Petition,
        verbose_name=_("petition"),
        on_delete=models.PROTECT,
        related_name="signatures",
        db_index=False,  # petition_sig_list serves.
    )
    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.UNCONFIRMED
    )
    given_name = models.CharField(_("first name"), max_length=100, blank=True)
    family_name = models.CharField(_("last name"), max_length=100, blank=True)
    email = models.EmailField(_("email"), max_length=254, blank=True)
    # Identifies a signer. Null without an email (on paper), and once the data is erased.
    email_key = models.CharField(  # noqa: DJ001 (unique where it is known)
        _("canonical email"), max_length=320, null=True
    )
    # Whether emails to it bounce or were reported as spam. The signature counts all the same.
    email_state = models.CharField(
        _("email status"), max_length=10, choices=EmailState.choices, default=EmailState.OK
    )
    # For searches: the name in both orders, and the domain of the canonical email.
    name_key = KeyField(make=_name_key)
    family_key = KeyField(make=_family_key)
    email_domain = KeyField(make=_email_domain, max_length=255)
    country = CountryField(_("country"), blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    # Where the person lives: a code of ISO 3166-2, or what they typed. See ``region_name``.
    region = models.CharField(_("region"), max_length=100, blank=True)
    # Where the person votes, in codes of the country's ``HomeScheme``. Empty if unknown.
    home_country = CountryField(_("home country"), blank=True)
    home_region = models.CharField(_("home region"), max_length=12, blank=True)
    home_district = models.CharField(_("home district"), max_length=100, blank=True)
    home_place = models.CharField(_("last place there"), max_length=100, blank=True)
    home_tie = models.CharField(
        _("tie to that country"), max_length=13, choices=HomeTie.choices, blank=True
    )
    message = models.TextField(_("message"), blank=True)
    # A message is public only after approval.
    message_state = models.CharField(
        _("message status"),
        max_length=7,
        choices=MessageState.choices,
        default=MessageState.PENDING,
    )
    # {question block id: text, number, true, ISO date, choice block id, or list of those}
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    show_name = models.BooleanField(_("public name"), default=False)
    wants_news = models.BooleanField(_("opted in to updates"), default=False)
    language = models.CharField(_("language"), max_length=16)
    source = models.CharField(_("source"), max_length=32, blank=True)
    # Where it was signed, and its id there. The id is erased with the data.
    origin = models.CharField(
        _("origin"), max_length=16, choices=Origin.choices, default=Origin.WEB
    )
    origin_ref = models.CharField(_("reference"), max_length=255, blank=True)
    # The file that it was imported from.
    batch = models.ForeignKey(
        ImportBatch,
        verbose_name=_("import"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="signatures",
        db_index=False,  # petition_sig_batch serves.
    )
    # Keyed hash of the client's network, erased after seven days. Never an IP address.
    network = models.CharField(_("network"), max_length=32, blank=True)
    signed_text = models.ForeignKey(
        SignedText,
        verbose_name=_("signed text"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # petition_sig_text serves.
    )
    signed_at = models.DateTimeField(_("signed"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    ended_at = models.DateTimeField(_("withdrawn or invalidated"), null=True)
    anonymised_at = models.DateTimeField(_("anonymised"), null=True)
    # Makes its hash in deliveries say nothing about the person (see ``ledger.salts``). Erased with
    # the data. Null without a number.
    salt = models.BinaryField(null=True, editable=False)
    # Whether it is a member of a delivery that was handed over. Copied here for filters.
    delivered = models.BooleanField(_("delivered"), default=False, editable=False)
    # The rule that invalidated it, if any. Undoing the rule restores these signatures.
    invalidation = models.ForeignKey(
        Invalidation,
        verbose_name=_("invalidated by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="signatures",
        db_index=False,
    )

    objects = SignatureQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["-pk"]
        permissions = [
            ("export_signature", _("Can export signatures")),
            ("import_signature", _("Can import signatures")),
            ("erase_signature", _("Can erase signatures")),
        ]
        constraints = [
            # Covers invalidated signatures, so that they can always be restored.
            models.UniqueConstraint(
                fields=["petition", "email_key"],
                condition=Q(status__in=["confirmed", "invalidated"]),
                name="petition_one_signature_per_email",
            ),
            models.UniqueConstraint(fields=["petition", "number"], name="petition_number_unique"),
        ]
        indexes = INDEXES

    def __str__(self) -> str:
        if self.full_name:
            return self.full_name
        return str(_("Erased") if self.pk and self.is_erased else _("No name"))

    @property
    def full_name(self) -> str:
        """First and last name as typed, or "" once erased."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def region_name(self) -> str:
        """The region where the person lives in the active language, or as they typed it."""
        return name_residence(self.region)

    @property
    def is_erased(self) -> bool:
        """Whether the person's data is gone. No email alone means nothing: paper has none."""
        return self.anonymised_at is not None or self.status == self.Status.WITHDRAWN

    @property
    def public_name(self) -> str:
        """The name in the public list: "Anna M.", or "Anna" without a last name."""
        return public_name(self.given_name, self.family_name)

    @property
    def public_message(self) -> str:
        """The message if it was approved, else ""."""
        return self.message if self.message_state == self.MessageState.SHOWN else ""

    @property
    def public_place(self) -> str:
        """The place in the public list: the city, or the country in the active language."""
        return self.city or self.country.name
