"""Imports in the admin: the list, and one import with its results."""

from django.http import Http404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet

from wagtail_petition.access.permissions import limit, policies
from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.choose_petition import PetitionsListMixin
from wagtail_petition.admin.columns import FigureColumn, MomentColumn, PetitionsTitleColumn
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.admin.menu import menu_item
from wagtail_petition.imports import notification, run
from wagtail_petition.models import ImportBatch, PetitionLogEntry, Signature

from .action_views import DeleteView, NotifyView, RevertView, get_notice_page
from .base import ImportMixin, Mode, State, next_step
from .check import CheckView, RowsView
from .details import describe, expires_at, mapping_rows
from .files import DownloadView, RejectedView
from .results import get_results, refused_count
from .steps import AddView, ColumnsView, TextView


class IndexView(HelpMixin, PetitionsListMixin, generic.IndexView):
    """The imports of all of the user's petitions, newest first."""

    model = ImportBatch
    page_title = gettext_lazy("Imports")
    header_icon = "upload"
    index_url_name = "petition_imports:index"
    index_results_url_name = "petition_imports:index_results"
    results_template_name = "wagtail_petition/admin/imports_results.html"
    add_item_label = gettext_lazy("Add import")
    add_action = "import"
    choose_url_name = "petition_imports:add"
    permission_policy = policies[Signature]
    any_permission_required = ["import"]
    default_ordering = "-pk"
    paginate_by = 20
    columns = [
        PetitionsTitleColumn(
            "file_name",
            label=gettext_lazy("File"),
            get_url=lambda each: reverse("petition_imports:detail", args=[each.pk]),
        ),
        Column("get_state_display", label=gettext_lazy("Status")),
        FigureColumn("total", label=gettext_lazy("Rows")),
        FigureColumn("count", label=gettext_lazy("New")),
        Column("user", label=gettext_lazy("User"), classname="petition-wide"),
        MomentColumn("created_at", label=gettext_lazy("Added")),
    ]

    def get_base_queryset(self):
        batches = ImportBatch.objects.select_related("petition", "user")
        return limit(batches, self.request.user)

    def get_valid_orderings(self):
        return [*super().get_valid_orderings(), "-pk"]


class DetailView(ImportMixin, PetitionView):
    """One import: its progress or results, how it was read, and buttons for what can be done."""

    page_title = gettext_lazy("Import")
    template_name = "wagtail_petition/admin/import.html"

    def post(self, request, *args, **kwargs):
        """Continue a failed import."""
        if request.POST.get("act") != "try_again" or self.batch.state != State.FAILED:
            raise Http404
        if run.start(self.batch, request.user):
            messages.success(request, gettext_lazy("Import started."))
        return self.back()

    def get_context_data(self, **kwargs):
        batch = self.batch
        entries = PetitionLogEntry.objects.filter(
            petition=self.petition, **{"data__import": batch.pk}
        )
        can_notify = get_notice_page(batch) is not None
        return {
            **super().get_context_data(**kwargs),
            "results": get_results(batch) if batch.counts else [],
            "details": describe(batch),
            "mapping": mapping_rows(batch),
            "is_list": batch.mode == Mode.NO_EMAILS,
            "expires_at": expires_at(batch),
            "next_step": next_step(batch),
            "refused": refused_count(batch),
            "entries": entries.select_related("user")[:50],
            "can_revert": batch.state in (State.DONE, State.FAILED),
            "notified": notification.count(batch) if can_notify else 0,
        }


class ImportViewSet(ViewSet):
    """Imports."""

    name = "petition_imports"
    menu_label = gettext_lazy("Imports")
    icon = "upload"
    menu_order = 260
    menu_item_class = menu_item("import")

    def get_urlpatterns(self):
        return [
            path("", IndexView.as_view(), name="index"),
            path("results/", IndexView.as_view(results_only=True), name="index_results"),
            path("new/", AddView.as_view(), name="add"),
            path("<int:pk>/", DetailView.as_view(), name="detail"),
            path("<int:pk>/columns/", ColumnsView.as_view(), name="columns"),
            path("<int:pk>/text/", TextView.as_view(), name="text"),
            path("<int:pk>/check/", CheckView.as_view(), name="check"),
            path("<int:pk>/rows/<slug:result>/", RowsView.as_view(), name="rows"),
            path("<int:pk>/rejected/", RejectedView.as_view(), name="rejected"),
            path("<int:pk>/file/", DownloadView.as_view(), name="download"),
            path("<int:pk>/revert/", RevertView.as_view(), name="revert"),
            path("<int:pk>/notify/", NotifyView.as_view(), name="notify"),
            path("<int:pk>/delete/", DeleteView.as_view(), name="delete"),
        ]
