"""Where the signers of a petition vote, and what is still to be delivered there."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition.access.permissions import can
from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.petitions.votes import get_districts, get_region_rows, get_residences
from wagtail_petition.clock import local_date
from wagtail_petition.exports.writers import FORMATS, csv_chunks
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
        header = [
            _("Code"),
            _("State or region"),
            _("Signatures"),
            _("Delivered"),
            _("To be delivered"),
            _("Ready"),
            _("Last delivery"),
            _("Recipient"),
        ]
        rows = (
            [
                row.code,
                row.name,
                row.signatures,
                row.delivered,
                row.undelivered,
                row.ready,
                row.last_on or "",
                row.last.recipient if row.last else "",
            ]
            for row in get_region_rows(self.petition)
        )
        return HttpResponse(
            csv_chunks(header, rows),
            content_type=FORMATS["csv"].media_type,
            headers={"Content-Disposition": f'attachment; filename="by-state-{local_date()}.csv"'},
        )
