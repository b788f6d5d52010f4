"""The dashboard of a petition: figures and charts."""

from functools import partial
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from wagtail_petition.access import counting
from wagtail_petition.access.filters import country_choices, email_failed, language_choices
from wagtail_petition.access.permissions import can
from wagtail_petition.admin.base import PetitionView, signatures_url
from wagtail_petition.admin.petitions.charts import Breakdown, TimeChart
from wagtail_petition.admin.petitions.petition_pages import attach_pages
from wagtail_petition.admin.petitions.statistics import (
    breakdown,
    daily,
    health,
    milestones,
    per_day,
    span,
    with_figures,
    with_pending_messages,
)
from wagtail_petition.admin.petitions.votes import get_residences
from wagtail_petition.background.dispatch import dispatch
from wagtail_petition.countries import countries
from wagtail_petition.exports import breakdowns
from wagtail_petition.formats import language_name
from wagtail_petition.home.residence import name_residence
from wagtail_petition.models import ImportBatch, Origin, Petition
from wagtail_petition.models.progress import Progress

# How many regions or answers are shown, those with most signatures.
MOST_ROWS = 100
# The list's filter for signers whom an email didn't reach.
FAILED = {"email_failed": "true"}
# The spans of the charts in days; None is all time. The first is the default.
SPANS = {"90": 90, "30": 30, "365": 365, "all": None}


def country_name(code):
    """The name of a country in the active language."""
    return countries.name(code) or code if code else _("Unknown")


def origin_name(origin):
    """The label of an origin."""
    return Origin(origin).label


def source_name(source):
    """The label of a source."""
    return source or _("Direct / unknown")


class DashboardView(PetitionView):
    """Figures and charts of one petition, for a span of days.

    Without the permission to view signatures, nothing links to them, and errors of the mail server
    aren't shown, since they name addresses.
    """

    permission_model = Petition
    page_title = gettext_lazy("Dashboard")
    template_name = "wagtail_petition/admin/dashboard.html"

    @property
    def chosen(self):
        """The key of the chosen span in ``SPANS``."""
        asked = self.request.GET.get("days")
        return asked if asked in SPANS else next(iter(SPANS))

    def get_context_data(self, **kwargs):
        petitions = Petition.objects.filter(pk=self.petition.pk).select_related("breakdown")
        petitions = petitions.annotate(
            has_imports=Exists(ImportBatch.objects.filter(petition=OuterRef("pk")))
        )
        petition = with_pending_messages(with_figures(petitions)).get()
        attach_pages([petition])
        counts = daily(petition)
        shown = span(petition, SPANS[self.chosen], counts)
        days = per_day(petition, shown, counts)
        within = sum(count for _day, count in days)
        page = petition.main_page
        return {
            **super().get_context_data(**kwargs),
            "petition": petition,
            "page": page,
            "progress": Progress(petition.total_count, petition.goal),
            "health": health(petition),
            "chart": TimeChart(days, before=petition.signature_count - within),
            "within": within,
            "breakdowns": [
                Breakdown(
                    heading,
                    column,
                    breakdown(petition, shown, field),
                    name,
                    partial(self._list_url, shown, field),
                )
                for heading, column, field, name in (
                    (_("By country"), _("Country"), "country", country_name),
                    (_("By language"), _("Language"), "language", language_name),
                    (_("By source"), _("Source"), "source", source_name),
                    (_("By origin"), _("Origin"), "origin", origin_name),
                )
                # Without imports, all signatures have the same origin.
                if field != "origin" or petition.has_imports
            ],
            "residences": get_residences(petition, hides_small=not self._sees_signatures),
            "counted": self._counted(petition),
            "counted_at": getattr(getattr(petition, "breakdown", None), "counted_at", None),
            "milestones": milestones(petition, petition.last_week, counts),
            "failed": counting.bounded(petition.signatures.filter(email_failed())),
            "bounced": counting.bounded(petition.signatures.filter(email_state="bounced")),
            "bounced_url": signatures_url(petition, email_state="bounced")
            if self._sees_signatures
            else "",
            "failed_url": signatures_url(petition, **FAILED) if self._sees_signatures else "",
            "shows_errors": self._sees_signatures,
            "resend_url": self._resend_url(),
            "spans": [
                ("30", _("30 days")),
                ("90", _("90 days")),
                ("365", _("One year")),
                ("all", _("All time")),
            ],
            "chosen": self.chosen,
        }

    def _counted(self, petition):
        """The breakdowns by region and answer, which are counted from time to time."""
        breakdown = getattr(petition, "breakdown", None)
        if breakdowns.is_stale(petition, breakdown):
            dispatch(breakdowns.count_stale)
        if breakdown is None:
            return []
        found = []
        if breakdown.regions:
            found.append((_("By state or region"), _("State or region"), breakdown.regions))
        questions = {}
        if any(breakdown.answers.values()):
            questions = breakdowns.countable_questions(petition, get_language())
        for pk, column in questions.items():
            if answers := breakdowns.label_answers(column, breakdown.answers.get(pk, {})):
                found.append((column.column_name, _("Answer"), answers))
        return [
            Breakdown(
                heading,
                label,
                sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_ROWS],
                name_residence if counts is breakdown.regions else str,
                partial(self._region_url, counts is breakdown.regions),
                whole=petition.signature_count,
            )
            for heading, label, counts in found
        ]

    @cached_property
    def _sees_signatures(self):
        return can(self.request.user, "view", self.petition)

    def _region_url(self, is_region, value):
        """The URL of a region's signatures, or "" for an answer, which has no filter."""
        if not is_region or not self._sees_signatures:
            return ""
        return signatures_url(self.petition, status="confirmed", region=value)

    def _resend_url(self):
        """The URL to resend failed confirmation emails, or "" without permission."""
        if not can(self.request.user, "change", self.petition):
            return ""
        url = reverse("wagtail_bulk_action", args=["wagtail_petition", "signature", "resend"])
        query = {"petition": self.petition.pk, "status": "unconfirmed", **FAILED, "id": "all"}
        return f"{url}?{urlencode(query)}"

    def _list_url(self, shown, field, value):
        """The URL of the list of exactly the counted signatures, or "" if no filter finds them."""
        if not self._sees_signatures or not value:
            return ""
        if value not in self._choices.get(field, [value]):
            return ""
        days = {}
        if SPANS[self.chosen] is not None:
            days = {"counted_from": shown.first.isoformat(), "counted_to": shown.last.isoformat()}
        return signatures_url(self.petition, status="confirmed", **{field: value}, **days)

    @cached_property
    def _choices(self):
        """The values of the list's filters that have choices: {field: choices}."""
        return {"country": dict(country_choices()), "language": dict(language_choices())}
