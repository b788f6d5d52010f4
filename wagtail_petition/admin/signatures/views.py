"""The list of signatures."""

from django.db.models import Sum
from django.urls import reverse
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    Column,
    DateColumn,
    StatusTagColumn,
    TitleColumn,
)
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button

from wagtail_petition.access.permissions import editable_petitions, has_permission
from wagtail_petition.access.selection import Selection
from wagtail_petition.admin.paging import COUNTED, Page
from wagtail_petition.formats import language_name
from wagtail_petition.models import Signature

from .action_views import verb_buttons
from .bulk_actions import ACTIONS

Status = Signature.Status

# Filters by a time, and the times by which the list is then in order.
ORDERS = {"counted": "confirmed_at", "confirmed": "confirmed_at", "signed": "signed_at"}


class SignatureIndexView(generic.IndexView):
    """The signatures of the petitions one may edit, newest first, at any size."""

    any_permission_required = ["view"]
    template_name = "wagtail_petition/admin/signature_index.html"
    results_template_name = "wagtail_petition/admin/signature_index_results.html"
    is_searchable = True
    # Wagtail's own export knows nothing of our permission and our log.
    is_export = False

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.is_export = False
        self.selection = Selection(request.user, request.GET)

    @property
    def filters(self):
        return self.selection.filters

    @property
    def search_form(self):
        return self.selection.search_form

    def get_queryset(self):
        found = self.selection.queryset.defer("answers", "message")
        return found.select_related("petition") if self.shows_petition else found

    def paginate_queryset(self, queryset, page_size):
        by = next((by for name, by in ORDERS.items() if name in self.selection.asked), "pk")
        page = Page(
            queryset, self.request.GET.get(self.page_kwarg), page_size, by=by, count=self.total
        )
        return page, page, page.object_list, page.has_other_pages

    @cached_property
    def total(self):
        """How many signatures the list shows, if it shows all that are confirmed: the petitions'
        own count. None where that count does not know.
        """
        selection = self.selection
        if not selection.is_valid or selection.words:
            return None
        asked = {**selection.asked, "petition": None}
        if asked != {"status": Status.CONFIRMED, "petition": None}:
            return None
        return selection.petitions.aggregate(total=Sum("signature_count"))["total"] or 0

    @property
    def count_label(self):
        """How many signatures the list shows, in words, for its head and foot."""
        page = self.page
        if page.known_count is not None:
            return _("%(count)s confirmed") % {"count": localize(page.count)}
        is_all = self.selection.is_all
        if page.is_more:
            text = (
                _("More than %(count)s signatures") if is_all else _("More than %(count)s matches")
            )
            return text % {"count": localize(COUNTED)}
        if is_all:
            text = ngettext("%(count)s signature", "%(count)s signatures", page.count)
        else:
            text = ngettext("There is %(count)s match", "There are %(count)s matches", page.count)
        return text % {"count": localize(page.count)}

    def get_context_data(self, *args, **kwargs):
        context = super().get_context_data(*args, **kwargs)
        self.page = context["page_obj"]
        context["count_label"] = self.count_label
        # Not the classes themselves: a template would call them.
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
        """Whether the list must say to which petition a signature belongs."""
        if "petition" in self.selection.asked:
            return False
        return editable_petitions(self.request.user)[:2].count() > 1

    @cached_property
    def columns(self):
        name_column = self._get_title_column_class(TitleColumn)
        columns = [
            BulkActionsCheckboxColumn("bulk_actions", obj_type="signature"),
            Column(
                "number",
                label=_("Number"),
                accessor=lambda s: "" if s.number is None else localize(s.number),
                classname="petition-figure",
                width="6%",
            ),
            name_column(
                "name",
                label=_("Name"),
                accessor=lambda s: format_html("<bdi>{}</bdi>", str(s)),
                get_url=self.get_inspect_url,
                get_title_id=lambda s: f"signature_{s.pk}_title",
                classname="petition-signature",
                width="22%",
            ),
            Column("email", label=_("Email"), classname="petition-address"),
            Column(
                "country",
                label=_("Country"),
                accessor="country.name",
                classname="petition-further",
            ),
            StatusTagColumn(
                "status",
                label=_("Status"),
                accessor="get_status_display",
                primary=lambda s: s.status == Status.CONFIRMED,
            ),
            Column(
                "language",
                label=_("Language"),
                accessor=lambda s: language_name(s.language),
                classname="petition-further",
            ),
            DateColumn("signed_at", label=_("Signed"), classname="petition-furthest", width="12%"),
        ]
        if self.shows_petition:
            columns.insert(3, Column("petition", label=_("Petition")))
        return columns

    def get_inspect_url(self, instance):
        return reverse(self.inspect_url_name, args=[instance.pk])

    def get_list_more_buttons(self, instance):
        return verb_buttons(self.request.user, instance)

    @cached_property
    def header_more_buttons(self):
        if not has_permission(self.request.user, "export"):
            return []
        return [
            Button(
                _("Export…"),
                url=f"{reverse('petition_signatures:export')}?{self.selection.query}",
                icon_name="download",
            )
        ]
