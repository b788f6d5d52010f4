"""The overview of petitions."""

from django.db.models import F
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button, HeaderButton

from wagtail_petition.access.permissions import editable_petitions, policies
from wagtail_petition.admin.choose_petition import add_petition_buttons
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.admin.petitions.petition_pages import attach_pages, mark_stale
from wagtail_petition.admin.petitions.statistics import with_figures
from wagtail_petition.admin.petitions.tables import CountColumn, PagesColumn, PetitionColumn
from wagtail_petition.admin.tables import FigureColumn
from wagtail_petition.models import Petition


class PetitionIndexView(HelpMixin, generic.IndexView):
    """The user's petitions, newest first."""

    model = Petition
    page_title = _("Petitions")
    header_icon = "clipboard-list"
    results_template_name = "wagtail_petition/admin/petitions_results.html"
    index_url_name = "petitions:index"
    index_results_url_name = "petitions:index_results"
    permission_policy = policies[Petition]
    any_permission_required = ["view"]
    search_fields = ["title"]
    search_backend_name = None
    paginate_by = 20
    default_ordering = "-created_at"
    columns = [
        PetitionColumn(
            "title",
            label=_("Petition"),
            classname="petition-name",
            sort_key="title",
            get_url=lambda petition: reverse("petitions:dashboard", args=[petition.pk]),
        ),
        CountColumn("total_count", label=_("Signatures"), sort_key="all_signatures"),
        FigureColumn("last_day", label=_("Last 24 hours"), bounded=True),
        FigureColumn("last_week", label=_("Last 7 days"), classname="petition-wide"),
        FigureColumn("waiting", label=_("Unconfirmed"), classname="petition-wide", bounded=True),
        PagesColumn("pages", label=_("Pages")),
    ]

    @cached_property
    def header_buttons(self):
        buttons = add_petition_buttons(self.request.user)
        return [HeaderButton(label, url, icon_name="plus") for label, url in buttons[:1]]

    @cached_property
    def header_more_buttons(self):
        buttons = add_petition_buttons(self.request.user)
        more = [Button(label, url, icon_name="plus") for label, url in buttons[1:]]
        return [*super().header_more_buttons, *more]

    def get_base_queryset(self):
        petitions = editable_petitions(self.request.user)
        # The column sorts by the number that it shows.
        petitions = petitions.annotate(all_signatures=F("signature_count") + F("offline_count"))
        return with_figures(petitions)

    def get_valid_orderings(self):
        return [*super().get_valid_orderings(), "created_at", "-created_at"]

    def paginate_queryset(self, queryset, page_size):
        paginator, page, petitions, is_paginated = super().paginate_queryset(queryset, page_size)
        mark_stale(attach_pages(petitions))
        return paginator, page, petitions, is_paginated
