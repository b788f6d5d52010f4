"""The viewset of petitions, with all views of one petition."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet

from wagtail_petition.admin.menu import menu_item
from wagtail_petition.admin.moderation.views.suspicious import SuspiciousView
from wagtail_petition.admin.paper.views.lines import SheetView
from wagtail_petition.admin.paper.views.sheets import SheetAddView
from wagtail_petition.admin.paper.views.template import TemplateView
from wagtail_petition.models import Petition

from .views.checklist import ChecklistView
from .views.dashboard import DashboardView
from .views.index import PetitionIndexView
from .views.paper import PaperView
from .views.pasting import PasteView
from .views.recreate_page import RecreatePageView
from .views.votes import VotesCSVView, VotesView


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
            path("<int:pk>/votes/", VotesView.as_view(), name="votes"),
            path("<int:pk>/votes.csv", VotesCSVView.as_view(), name="votes_csv"),
            path("pages/<int:pk>/checklist/", ChecklistView.as_view(), name="checklist"),
            path("pages/paste/<slug:kind>/", PasteView.as_view(), name="paste"),
            path("<int:pk>/page/", RecreatePageView.as_view(), name="recreate_page"),
        ]

    menu_item_class = menu_item("view", Petition)
