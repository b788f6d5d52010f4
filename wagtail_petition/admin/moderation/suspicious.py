"""The page of what looks odd, with what can be done about each finding."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wagtail_petition.access.permissions import can, has_permission
from wagtail_petition.admin.base import PetitionView, signatures_url
from wagtail_petition.models import BlockRule
from wagtail_petition.moderation.suspicious import NEWEST, report


class OddView(PetitionView):
    """What looks odd among the newest signatures of one petition."""

    page_title = _("What looks odd")
    header_icon = "warning"
    template_name = "wagtail_petition/admin/odd.html"

    def get_context_data(self, **kwargs):
        looked_at, sections = report(self.petition)
        user = self.request.user
        may_invalidate = can(user, "change", self.petition)
        may_block = has_permission(user, "add", BlockRule)
        return {
            **super().get_context_data(**kwargs),
            "looked_at": looked_at,
            "newest": NEWEST,
            "sections": [
                (section, [self._row(each, may_invalidate, may_block) for each in section.findings])
                for section in sections
            ],
        }

    def _row(self, finding, may_invalidate, may_block):
        """The finding, and the addresses of what can be done about it."""
        row = {"finding": finding}
        if finding.search:
            row["list_url"] = signatures_url(self.petition, q=finding.search)
        if may_invalidate and finding.rule:
            add = reverse("petition_invalidations:add", args=[self.petition.pk])
            row["invalidate_url"] = f"{add}?{urlencode(finding.rule)}"
        if may_block and finding.block:
            kind, value = finding.block
            query = urlencode({"kind": kind, "value": value})
            row["block_url"] = f"{reverse('petition_block_rules:add')}?{query}"
        return row
