"""The overview of petitions."""

from django.db.models import F
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import ButtonsColumnMixin, Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button, ButtonWithDropdown, HeaderButton

from wagtail_petition.access.permissions import editable_petitions, policies
from wagtail_petition.admin.base import petition_buttons
from wagtail_petition.admin.choose_petition import add_petition_buttons
from wagtail_petition.admin.columns import FigureColumn
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.admin.menu import menu_item
from wagtail_petition.admin.moderation.suspicious import SuspiciousView
from wagtail_petition.admin.paper.lines import SheetView
from wagtail_petition.admin.paper.sheets import SheetAddView
from wagtail_petition.admin.paper.template import TemplateView
from wagtail_petition.models import Petition
from wagtail_petition.models.progress import Progress

from .checklist import ChecklistView
from .dashboard import DashboardView
from .paper import PaperView
from .pasting import PasteView
from .petition_pages import attach_pages, mark_stale
from .recreate_page import RecreatePageView
from .statistics import with_figures


class CountColumn(FigureColumn):
    """The count with the goal below it."""

    cell_template_name = "wagtail_petition/admin/cells/count.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        has_page = instance.main_page is not None
        context["goal"] = Progress(instance.total_count, instance.goal).goal if has_page else None
        return context


class PetitionColumn(ButtonsColumnMixin, TitleColumn):
    """The title with buttons, and a note if the petition has no page."""

    cell_template_name = "wagtail_petition/admin/cells/petition.html"

    def get_buttons(self, instance, parent_context):
        return [
            ButtonWithDropdown(
                buttons=petition_buttons(parent_context["request"].user, instance),
                icon_name="dots-horizontal",
                attrs={
                    "aria-label": _("More options for “%(title)s”") % {"title": str(instance)},
                },
            )
        ]


class PagesColumn(Column):
    """A link to edit the page of each language."""

    cell_template_name = "wagtail_petition/admin/cells/pages.html"


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


class PetitionViewSet(ViewSet):
    """The overview, and the views of one petition."""

    name = "petitions"
    menu_label = _("All petitions")
    icon = "clipboard-list"
    menu_order = 100

    def get_urlpatterns(self):
        return [
            path("", PetitionIndexView.as_view(), name="index"),
            path("results/", PetitionIndexView.as_view(results_only=True), name="index_results"),
            path("<int:pk>/", DashboardView.as_view(), name="dashboard"),
            path("<int:pk>/paper/", PaperView.as_view(), name="offline"),
            path("<int:pk>/sheets/", SheetAddView.as_view(), name="sheet_add"),
            path("<int:pk>/sheets/<int:sheet>/", SheetView.as_view(), name="sheet"),
            path("<int:pk>/sheets/template.xlsx", TemplateView.as_view(), name="paper_template"),
            path("<int:pk>/suspicious/", SuspiciousView.as_view(), name="suspicious"),
            path("pages/<int:pk>/checklist/", ChecklistView.as_view(), name="checklist"),
            path("pages/paste/<slug:kind>/", PasteView.as_view(), name="paste"),
            path("<int:pk>/page/", RecreatePageView.as_view(), name="recreate_page"),
        ]

    menu_item_class = menu_item("view", Petition)
