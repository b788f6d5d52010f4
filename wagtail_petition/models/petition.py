"""What people sign, and how many did."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail_petition.models.terms import Terms


class Petition(Terms):
    """One row per petition, however many pages and languages show it.

    ``signature_count`` and ``last_number`` are written by ``wagtail_petition.ledger`` alone,
    under this row's lock, in the transaction that changes a signature. What the pages say of the
    petition is kept here when they are published (``ledger.follow_page``), for every language
    and for the time when they are gone.
    """

    key = models.UUIDField(_("key"), unique=True, editable=False)
    # That of the source page, and {language: title} of all.
    title = models.CharField(_("title"), max_length=255)
    titles = models.JSONField(default=dict, editable=False)
    # The language of the page on which the terms are set, and who that page says is responsible.
    source_language = models.CharField(max_length=16, blank=True, editable=False)
    organisation = models.CharField(max_length=200, blank=True, editable=False)
    signature_count = models.PositiveIntegerField(_("signatures"), default=0, editable=False)
    last_number = models.PositiveIntegerField(_("last number"), default=0, editable=False)
    offline_count = models.PositiveIntegerField(_("paper signatures"), default=0)
    # Raised by whatever changes what everybody sees of the petition: what caches go by.
    public_version = models.PositiveBigIntegerField(default=0, editable=False)
    # The path below which the site lives, as the last request to sign has seen it: workers and
    # threads make links with it where FORCE_SCRIPT_NAME says nothing.
    script_name = models.CharField(max_length=255, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # When the last call went out to those who had not confirmed.
    last_call_at = models.DateTimeField(null=True, editable=False)

    # When the personal data is to be emptied, and when it was. Kept here and not with the page,
    # which may be deleted long before.
    erase_at = models.DateTimeField(_("data kept until"), null=True, blank=True)
    erased_at = models.DateTimeField(_("data erased"), null=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")
        ordering = ["-created_at"]

    def __str__(self):
        return self.titles.get(get_language()) or self.title

    def keep_script_name(self, script_name: str) -> None:
        """Keep what a request has seen, for the links of emails. One query if it is new."""
        if script_name != self.script_name and len(script_name) <= 255:
            self.script_name = script_name
            self.save(update_fields=["script_name"])

    @property
    def total_count(self):
        """All signatures people see: confirmed here, and collected on paper."""
        return self.signature_count + self.offline_count
