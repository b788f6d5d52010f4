"""The view of suspicious signatures."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wagtail_petition.access.permissions import can, has_permission
from wagtail_petition.admin.base import PetitionView, signatures_url
from wagtail_petition.models import BlockRule
from wagtail_petition.moderation.suspicious import blocked_domains, blocked_networks, report


class SuspiciousView(PetitionView):
    """The suspicious signatures of a petition, with links for action on each finding."""

    page_title = _("Suspicious signatures")
    header_icon = "warning"
    template_name = "wagtail_petition/admin/suspicious.html"

    def get_context_data(self, **kwargs):
        looked_at, sections = report(self.petition)
        findings = [each for section in sections for each in section.findings]
        blocked = blocked_domains(findings) | blocked_networks(findings)
        return {
            **super().get_context_data(**kwargs),
            "looked_at": looked_at,
            "sections": [
                (section, [self._row(each, blocked) for each in section.findings])
                for section in sections
            ],
        }

    def _row(self, finding, blocked):
        """The finding, with the URLs of possible actions."""
        user, (kind, value) = self.request.user, finding.block or ("", "")
        row = {
            "finding": finding,
            "is_blocked": bool({value, finding.rule.get("network")} & blocked),
        }
        if finding.search:
            row["list_url"] = signatures_url(self.petition, q=finding.search)
        elif finding.filters:
            row["list_url"] = signatures_url(self.petition, **finding.filters)
        # Only confirmed signatures can be invalidated.
        if finding.rule and finding.confirmed and can(user, "change", self.petition):
            add = reverse("petition_invalidations:add", args=[self.petition.pk])
            row["invalidate_url"] = f"{add}?{urlencode(finding.rule)}"
        if value and not row["is_blocked"] and has_permission(user, "add", BlockRule):
            query = urlencode({"kind": kind, "value": value})
            row["block_url"] = f"{reverse('petition_block_rules:add')}?{query}"
        return row
