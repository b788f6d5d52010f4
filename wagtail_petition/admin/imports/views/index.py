"""The list of imports."""

from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from wagtail_petition.access.permissions import limit, policies
from wagtail_petition.admin.choose_petition import NewestFirstMixin
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.admin.tables import FigureColumn, MomentColumn, PetitionsTitleColumn
from wagtail_petition.models import ImportBatch, Signature


class IndexView(HelpMixin, NewestFirstMixin, generic.IndexView):
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
