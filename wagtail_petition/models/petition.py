"""A petition, independent of its pages."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail_petition.models.terms import Terms


class Petition(Terms):
    """A petition: one row for all of its pages and languages.

    Only ``wagtail_petition.ledger`` writes ``signature_count`` and ``last_number``, with this row
    locked, in the transaction that changes a signature. Publishing a page copies its terms and
    titles here (``ledger.follow_page``), so they survive the page.
    """

    key = models.UUIDField(_("key"), unique=True, editable=False)
    # The source page's title, and the titles of all pages as {language: title}.
    title = models.CharField(_("title"), max_length=255)
    titles = models.JSONField(default=dict, editable=False)
    # The language of the source page, and the organisation that it names.
    source_language = models.CharField(max_length=16, blank=True, editable=False)
    organisation = models.CharField(max_length=200, blank=True, editable=False)
    signature_count = models.PositiveIntegerField(_("signatures"), default=0, editable=False)
    last_number = models.PositiveIntegerField(_("last number"), default=0, editable=False)
    offline_count = models.PositiveIntegerField(_("paper signatures"), default=0)
    # Raised by every change that the public sees. Part of cache keys.
    public_version = models.PositiveBigIntegerField(default=0, editable=False)
    # Changes with each change of one of its pages, live or not. Processes keep pages in memory by
    # this number. It is random, so that a number that was rolled back isn't used again.
    pages_version = models.PositiveBigIntegerField(default=0, editable=False)
    # The script name of the last request to sign. Workers and threads make links with it if
    # FORCE_SCRIPT_NAME isn't set.
    script_name = models.CharField(max_length=255, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # The highest milestone or goal that was reached, whether or not organisers were told. It never
    # falls, so a total that falls and rises again reaches nothing twice.
    milestone = models.PositiveIntegerField(default=0, editable=False)
    # When the closing reminders were queued.
    last_call_at = models.DateTimeField(null=True, editable=False)

    # When personal data is to be erased, and when it was.
    erase_at = models.DateTimeField(_("data kept until"), null=True, blank=True)
    erased_at = models.DateTimeField(_("data erased"), null=True, editable=False)

    wagtail_reference_index_ignore = True

    # Whether the site has block rules; None if the query didn't annotate it.
    has_block_rules: bool | None = None

    class Meta:
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.titles.get(get_language()) or self.title

    def store_script_name(self, script_name: str) -> None:
        """Store the script name of a request, for links in emails."""
        if script_name != self.script_name and len(script_name) <= 255:
            self.script_name = script_name
            self.save(update_fields=["script_name"])

    @property
    def total_count(self) -> int:
        """Confirmed signatures and bare numbers of signatures on paper.

        The public may see less: see ``public_count``.
        """
        return self.signature_count + self.offline_count

    @property
    def public_count(self) -> int:
        """The total that the public sees."""
        return self.public_total(self.signature_count, self.offline_count)
