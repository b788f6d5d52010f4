"""Imported files and sheets, and tombstones of people who must not be imported again."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .leased import Leased
from .origin import Origin
from .petition import Petition
from .signed_text import SignedText


class ImportBatch(Leased):
    """A file of signatures from elsewhere, how it is read, and the results for its rows.

    Or a paper sheet that is typed in, with its number in ``sheet``: it has no file, and is ``DONE``
    from the start, because each line is recorded at once.

    A worker imports it under a lease, in the order of signing. ``position`` is the number of rows
    done, updated in the transaction that records signatures. The file is in the private storage
    and is deleted ``EXPORT_DAYS`` after its upload; the record stays.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CHECKING = "checking", _("Checking")
        RUNNING = "running", _("In progress")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Failed")
        REVERTING = "reverting", _("Reverting")
        REVERTED = "reverted", _("Reverted")

    class Mode(models.TextChoices):
        CONFIRMED = "confirmed", _("They confirmed there or signed on paper")
        ASK = "ask", _("Ask each one to confirm here")
        NO_EMAILS = "no_emails", _("They want no emails")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    petition = models.ForeignKey(
        Petition, verbose_name=_("petition"), on_delete=models.PROTECT, related_name="imports"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("user"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    state = models.CharField(
        _("status"), max_length=9, choices=State.choices, default=State.DRAFT, editable=False
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    # A sheet that is typed in, without a file: its number, and where it was signed.
    sheet = models.CharField(_("number of the sheet"), max_length=32, blank=True)
    place = models.CharField(_("place"), max_length=100, blank=True)

    # The file. ``path`` is empty once the file has been deleted.
    file_name = models.CharField(_("file"), max_length=255)
    path = models.CharField(max_length=255, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size"), default=0, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)

    # How it is read: a ``Layout``, the name of a preset, {heading: meaning}, and ``Options``.
    # ``headings_sha256`` finds the mapping for a file with the same headings.
    layout = models.JSONField(default=dict)
    preset = models.CharField(_("source of the file"), max_length=32, blank=True)
    mapping = models.JSONField(_("columns"), default=dict)
    options = models.JSONField(default=dict)
    headings_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    # The text signed, and where these people agreed to a public name or to updates.
    origin = models.CharField(
        _("origin"), max_length=16, choices=Origin.choices, default=Origin.OTHER
    )
    mode = models.CharField(_("mode"), max_length=9, choices=Mode.choices, default=Mode.CONFIRMED)
    signed_text = models.ForeignKey(
        SignedText,
        verbose_name=_("signed text"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    consent = models.TextField(
        _("consent"),
        blank=True,
        help_text=_(
            "Where these people agreed that their name is shown, or to get news. Without it, no "
            "name is shown and nobody gets news."
        ),
    )
    # Possible duplicates to import: their row numbers, or true for all.
    ticked = models.JSONField(default=list)

    # The number of rows with each result: {``ImportResult``: number}.
    counts = models.JSONField(_("rows"), default=dict, editable=False)
    total = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    position = models.PositiveIntegerField(_("done"), default=0, editable=False)
    done_at = models.DateTimeField(_("imported"), null=True, editable=False)
    reverted_at = models.DateTimeField(_("reverted"), null=True, editable=False)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reverted by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    # When the signers were told by email that their signature was moved here.
    told_at = models.DateTimeField(_("signers notified"), null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        constraints = [
            # A sheet is typed in once, also by two people at the same time.
            models.UniqueConstraint(
                fields=["petition", "sheet"],
                condition=~Q(sheet="") & ~Q(state="reverted"),
                name="petition_import_sheet_unique",
            )
        ]
        indexes = [
            models.Index(fields=["headings_sha256"], name="petition_import_headings"),
            models.Index(
                fields=["state"],
                condition=Q(state__in=["checking", "running", "reverting"]),
                name="petition_import_running",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        """Whether a worker is checking, importing or reverting it."""
        return self.state in (self.State.CHECKING, self.State.RUNNING, self.State.REVERTING)

    @property
    def count(self) -> int:
        """The number of signatures that it added: none, as long as it was only checked."""
        if self.state in (self.State.DRAFT, self.State.CHECKING):
            return 0
        return self.counts.get("new", 0)


class Tombstone(models.Model):
    """A person who withdrew or was erased, as a keyed hash for one petition.

    The hash is of the email address, or of the id on another platform. The person is never
    imported again.
    """

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "key_hash"], name="petition_tombstone_unique"
            )
        ]

    def __str__(self) -> str:
        return self.key_hash
