"""Deliveries of signatures to a recipient, their files, and what was added to their record."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .delivery_split import DeliverySplit
from .leased import Leased
from .petition import Petition


class Delivery(Leased):
    """A range of a petition's signatures, prepared for one recipient.

    Once marked as delivered, it never changes. ``members`` holds the exact numbers in it (see
    ``wagtail_petition.delivery.membership``), including those of signatures withdrawn later.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Preparing")
        READY = "ready", _("Ready")
        DELIVERED = "delivered", _("Delivered")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    class Order(models.TextChoices):
        NUMBER = "number", _("By number")
        NAME = "name", _("By last name")
        COUNTRY = "country", _("By country, then number")

    class Paper(models.TextChoices):
        A4 = "a4", _("A4")
        LETTER = "us-letter", _("US Letter")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    petition = models.ForeignKey(
        Petition, verbose_name=_("petition"), on_delete=models.PROTECT, related_name="deliveries"
    )
    state = models.CharField(
        _("status"), max_length=9, choices=State.choices, default=State.QUEUED, editable=False
    )

    # If it is one of the parts of a split delivery, and its label there: "New York".
    split = models.ForeignKey(
        DeliverySplit, null=True, on_delete=models.PROTECT, related_name="parts", editable=False
    )
    part_label = models.CharField(max_length=200, blank=True, editable=False)
    # The delivery whose files these replace, for those who withdrew after it was handed over. Such
    # a correction isn't listed as a delivery (see ``wagtail_petition.delivery.corrections``).
    corrects = models.OneToOneField(
        "self", null=True, editable=False, on_delete=models.CASCADE, related_name="+"
    )

    # Which signatures
    first_number = models.PositiveIntegerField(_("from number"), default=1)
    last_number = models.PositiveIntegerField(_("to number"))
    only_new = models.BooleanField(
        _("only new signatures (not yet delivered to this recipient)"), default=True
    )
    # {"countries": [...], "regions": [...], "languages": [...], "origins": [...], "public": true,
    #  "confirmed_here": true, "not_paper": true, "answer": {"question": id, "value": ...},
    #  "home_regions": ["US-NY", ...], "home_districts": [["US", "US-NY", "12"], ...],
    #  "no_home_district": true};
    # a missing key filters nothing.
    filters = models.JSONField(_("filters"), default=dict, blank=True)

    # What the recipient sees
    recipient = models.CharField(_("recipient"), max_length=200)
    office = models.CharField(_("office"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=16)
    columns = models.JSONField(_("columns"), default=list)
    order = models.CharField(_("order"), max_length=7, choices=Order.choices, default=Order.NUMBER)
    cover_letter = models.TextField(_("cover letter"), blank=True)
    # Ids of the questions whose answers are counted in the letter, besides countries.
    breakdowns = models.JSONField(_("broken down by"), default=list, blank=True)
    formats = models.JSONField(_("files"), default=list)
    paper = models.CharField(_("paper"), max_length=9, choices=Paper.choices, default=Paper.A4)

    # What was made
    count = models.PositiveIntegerField(_("signatures"), default=0, editable=False)
    left_out = models.JSONField(_("excluded"), default=dict, editable=False)
    members = models.BinaryField(default=bytes, editable=False)
    manifest_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    # The root of the proof (see ``wagtail_petition.delivery.proof``), and that of the delivery of
    # this petition that was handed over last before it was made. Empty if made without a proof.
    root = models.CharField(max_length=64, blank=True, editable=False)
    previous_root = models.CharField(max_length=64, blank=True, editable=False)
    # The characters that no font on this machine can print, separated by spaces. The PDF shows
    # their codes instead, in these signatures: {"count": n, "first": [[number, [column, …]], …]}.
    unprintable = models.TextField(blank=True, editable=False)
    printed_as_codes = models.JSONField(default=dict, editable=False)
    # When its files were deleted after their retention period.
    files_deleted_at = models.DateTimeField(null=True, editable=False)
    progress = models.PositiveSmallIntegerField(_("progress in percent"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )

    # How it was handed over
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    received_by = models.CharField(_("received by"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)
    receipt = models.CharField(max_length=255, blank=True, editable=False)
    is_public = models.BooleanField(
        _("show on the petition page"),
        default=True,
        help_text=_("Adds “Delivered to …” to the page and its timeline."),
    )
    tells_signers = models.BooleanField(
        _("notify signers"),
        default=False,
        help_text=_("Emails the signers in this delivery who opted in to updates."),
    )
    # When the emails were queued, and when the signatures were marked as delivered.
    told_at = models.DateTimeField(null=True, editable=False)
    # How many emails were queued. Null if they aren't yet, or were before this was recorded.
    told_count = models.PositiveIntegerField(null=True, editable=False)
    marked_at = models.DateTimeField(null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(state="queued"), name="petition_delivery_queued"
            )
        ]

    def __str__(self) -> str:
        return f"{self.recipient} ({self.created_at:%Y-%m-%d})"

    @property
    def receipt_name(self) -> str:
        """The receipt's file name."""
        return self.receipt.rpartition("/")[2]

    @property
    def has_handover_note(self) -> bool:
        """Whether anything besides the day was noted when it was handed over."""
        return bool(self.place or self.received_by or self.note or self.receipt)


class DeliveryNote(models.Model):
    """A place, a note or a receipt that was added to a delivery after it was handed over.

    Never changed or deleted; its contents can be erased, for somebody whom they name.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="notes")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    received_by = models.CharField(_("received by"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("Don’t name any signers."))
    receipt = models.CharField(max_length=255, blank=True, editable=False)
    # When the contents were erased, and by whom.
    erased_at = models.DateTimeField(null=True, editable=False)
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.delivery}: {self.created_at:%Y-%m-%d}"

    @property
    def receipt_name(self) -> str:
        """The receipt's file name."""
        return self.receipt.rpartition("/")[2]


class DeliveryFile(models.Model):
    """A file of a delivery in the private storage. The ZIP file holds all the others.

    ``path`` is empty once the file has been deleted after its retention period.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(_("name"), max_length=100)
    path = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ProofTile(models.Model):
    """A part of the tree of hashes whose root is ``Delivery.root``, kept for the signers' receipts.

    The hashes in it are neighbours, on level 0 those of signatures in the order of their numbers.
    One level up, each hash is the root of a tile below. They say nothing about people.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tiles")
    # A delivery that was made again has the tiles of both until the old ones are deleted.
    root = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField()
    hashes = models.BinaryField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "root", "level", "position"], name="petition_proof_tile"
            )
        ]

    def __str__(self) -> str:
        return f"{self.root[:8]} {self.level}/{self.position}"
