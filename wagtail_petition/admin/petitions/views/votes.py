"""Where the signers of a petition vote, and what is still to be delivered there."""

import csv

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition.access.permissions import can
from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.petitions.votes import get_districts, get_region_rows, get_residences
from wagtail_petition.clock import local_time
from wagtail_petition.exports.cells import guard
from wagtail_petition.models import Delivery


class VotesView(PetitionView):
    """The regions where signers vote, with deliveries, and tables by residence and district."""

    page_title = gettext_lazy("To be delivered by state")
    header_icon = "mail"
    template_name = "wagtail_petition/admin/votes.html"

    def get_context_data(self, **kwargs):
        rows = get_region_rows(self.petition)
        return {
            **super().get_context_data(**kwargs),
            "rows": rows,
            "undelivered": sum(row.undelivered for row in rows),
            "residences": get_residences(self.petition, hides_small=False),
            "districts": get_districts(getattr(self.petition, "breakdown", None)),
            "counted_at": getattr(getattr(self.petition, "breakdown", None), "counted_at", None),
            "may_deliver": can(self.request.user, "add", self.petition, Delivery),
        }


class VotesCSVView(PetitionView):
    """The list by region as a CSV file."""

    def get(self, request, *args, **kwargs):
        today = local_time(timezone.now()).date()
        response = HttpResponse(
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="by-state-{today.isoformat()}.csv"'
            },
        )
        # The byte order mark, by which Excel recognises UTF-8.
        response.write("\ufeff")
        writer = csv.writer(response)
        writer.writerow(
            [
                _("Code"),
                _("State or region"),
                _("Signatures"),
                _("Delivered"),
                _("To be delivered"),
                _("Ready"),
                _("Last delivery"),
                _("Recipient"),
            ]
        )
        for row in get_region_rows(self.petition):
            writer.writerow(
                [
                    row.code,
                    guard(row.name),
                    row.signatures,
                    row.delivered,
                    row.undelivered,
                    row.ready,
                    row.last_on.isoformat() if row.last_on else "",
                    guard(row.last.recipient) if row.last else "",
                ]
            )
        return response
