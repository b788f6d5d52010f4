"""The list of signatures."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button

from wagtail_petition.access import counting
from wagtail_petition.access.permissions import editable_petitions, has_permission
from wagtail_petition.access.selection import Selection
from wagtail_petition.admin.base import petition_breadcrumbs
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.admin.paging import COUNTED, Page
from wagtail_petition.admin.signatures.tables import (
    SESSION_KEY,
    ColumnsForm,
    further_columns,
    get_chosen,
    name_column,
    number_column,
)
from wagtail_petition.admin.tables import PetitionsTitleColumn
from wagtail_petition.models import Petition, Signature

from .actions import action_buttons
from .bulk_actions import ACTIONS
from .counts import TABS, heading, short

Status = Signature.Status

# Filters by date, and the field that the list is then sorted by.
ORDERS = {
    "counted": "confirmed_at",
    "since": "confirmed_at",
    "confirmed": "confirmed_at",
    "signed": "signed_at",
}
# The fields that the list can be sorted by: {sort key of the column: field}.
FIELDS = {"number": "number", "name": "name_key", "signed_at": "signed_at"}


class SignatureIndexView(HelpMixin, generic.IndexView):
    """The signatures of the user's petitions, newest first."""

    any_permission_required = ["view"]
    template_name = "wagtail_petition/admin/signature_index.html"
    results_template_name = "wagtail_petition/admin/signature_index_results.html"
    is_searchable = True
    show_other_searches = True
    # Wagtail's export doesn't check our permission or write our log.
    is_export = False

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.is_export = False
        self.selection = Selection(request.user, request.GET)

    def get(self, request, *args, **kwargs):
        # By default, show confirmed signatures. A redirect, because exports and bulk actions take
        # the filters from the URL.
        if not request.GET and not self.results_only:
            return redirect(f"{request.path}?status={Status.CONFIRMED.value}")
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        """Store the chosen columns in the session."""
        form = ColumnsForm(request.POST)
        if form.is_valid():
            request.session[SESSION_KEY] = form.cleaned_data["columns"]
        return redirect(get_valid_next_url_from_request(request) or request.get_full_path())

    @property
    def filters(self):
        return self.selection.filters

    @property
    def search_form(self):
        return self.selection.search_form

    @cached_property
    def active_filters(self):
        # The tabs already show the status.
        status = self.filters.form["status"].auto_id
        return [each for each in super().active_filters if each.auto_id != status]

    def get_queryset(self):
        found = self.selection.queryset.defer("answers")
        if self.is_sorted_within_petition:
            # So that the index by petition is used.
            found = found.filter(petition=self.only_petition)
        return found.select_related("petition") if self.shows_petition else found

    def paginate_queryset(self, queryset, page_size):
        page = Page(
            queryset,
            self.request.GET.get(self.page_kwarg),
            page_size,
            by=self._by,
            count=counting.known(self.selection) if self.selection.is_valid else None,
        )
        return page, page, page.object_list, page.has_other_pages

    @property
    def _by(self):
        if self.ordering:
            dash = "-" if self.ordering.startswith("-") else ""
            return f"{dash}{FIELDS[self.ordering.removeprefix('-')]}"
        return "-" + next((by for name, by in ORDERS.items() if name in self.selection.asked), "pk")

    @cached_property
    def only_petition(self):
        """The only petition whose signatures are listed, or None if there may be several."""
        if petition := self.selection.asked.get("petition"):
            return petition
        petitions = list(editable_petitions(self.request.user)[:2])
        return petitions[0] if len(petitions) == 1 else None

    @property
    def can_sort_within_petition(self):
        """Whether an index by name and number exists: for one petition's confirmed signatures."""
        return (
            self.only_petition is not None
            and self.selection.asked.get("status") == Status.CONFIRMED
        )

    @property
    def is_sorted_within_petition(self):
        return (self.ordering or "").removeprefix("-") in ("number", "name")

    @property
    def count_label(self):
        """The number of listed signatures as text, as far as it is known without counting."""
        page = self.page
        number = min(page.count, COUNTED) if page.is_more else page.count
        return heading(self.selection, counting.Count(number, page.is_more))

    @property
    def tabs(self):
        """(status, label, URL, count or "") of each tab."""
        shown = self.page.known_count
        asked = self.selection.asked.get("status", "")
        return [
            (
                status,
                label,
                f"?{self._tab_query(status)}",
                short(counting.Count(shown)) if shown is not None and status == asked else "",
            )
            for status, label in [*((tab.value, tab.label) for tab in TABS), ("", _("All"))]
        ]

    def _tab_query(self, status):
        query = self.selection.with_status(status).query
        return query or "status="

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        self.page = context["page_obj"]
        context["count_label"] = self.count_label
        context["tabs"] = self.tabs
        context["tab"] = self.selection.asked.get("status", "")
        context["counts_url"] = (
            f"{reverse('petition_signatures:counts')}?{self.selection.query}"
            if self.selection.is_valid
            else ""
        )
        context["columns_form"] = ColumnsForm(initial={"columns": get_chosen(self.request)})
        # Dicts instead of the classes, which a template would call.
        context["bulk_actions"] = [
            {
                "type": action.action_type,
                "label": action.display_name,
                "aria_label": action.aria_label,
                "is_serious": "serious" in action.classes,
            }
            for action in ACTIONS
            if has_permission(self.request.user, action.permission)
        ]
        return context

    @cached_property
    def no_results_message(self):
        if not self.selection.is_valid:
            return _("Invalid filter. Remove it to see signatures.")
        return super().no_results_message

    @cached_property
    def shows_petition(self):
        """Whether the list shows the petition of each signature."""
        return self.only_petition is None

    def get_page_subtitle(self):
        petition = self.selection.asked.get("petition")
        return str(petition) if isinstance(petition, Petition) else ""

    def get_breadcrumbs_items(self):
        petition = self.selection.asked.get("petition")
        if not isinstance(petition, Petition):
            return super().get_breadcrumbs_items()
        return [
            *self.breadcrumbs_items,
            *petition_breadcrumbs(petition),
            {"url": "", "label": self.get_page_title()},
        ]

    @cached_property
    def columns(self):
        sorts = self.can_sort_within_petition
        chosen = set(get_chosen(self.request))
        if "status" in self.selection.asked:
            chosen.discard("status")
        return [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="signature"),
            number_column(sort_key="number" if sorts else None),
            name_column(
                self._get_title_column_class(PetitionsTitleColumn),
                get_url=self.get_inspect_url,
                shows_petition=self.shows_petition,
                sort_key="name" if sorts else None,
            ),
            # With a filter by date, the list is sorted by that date.
            *further_columns(
                chosen,
                date_sort_key=None if self.selection.asked.keys() & ORDERS.keys() else "signed_at",
            ),
        ]

    def get_inspect_url(self, instance):
        return reverse(self.inspect_url_name, args=[instance.pk])

    def get_list_more_buttons(self, instance):
        return action_buttons(self.request.user, instance)

    @cached_property
    def header_more_buttons(self):
        user, petition = self.request.user, self.only_petition
        buttons = []
        if has_permission(user, "export"):
            url = f"{reverse('petition_signatures:export')}?{self.selection.query}"
            buttons.append(Button(_("Export…"), url=url, icon_name="download"))
        if has_permission(user, "import"):
            query = f"?petition={petition.pk}" if petition else ""
            url = f"{reverse('petition_imports:add')}{query}"
            buttons.append(Button(_("Add import"), url=url, icon_name="upload"))
        return buttons
