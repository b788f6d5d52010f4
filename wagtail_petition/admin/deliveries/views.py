"""Deliveries in the admin: the list, and one delivery with its files."""

from django.http import Http404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet

from wagtail_petition.access.permissions import can, limit, policies
from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.choose_petition import ChoosePetitionView, PetitionsListMixin
from wagtail_petition.admin.columns import FigureColumn, MomentColumn, PetitionsTitleColumn
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.admin.menu import menu_item
from wagtail_petition.delivery import lifecycle, selection
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.formats import listed
from wagtail_petition.models import Delivery

from .action_views import CancelView, HandoverView
from .base import DeliveryMixin, is_outdated
from .create import CreateView
from .details import describe
from .files import CorrectionsView, DownloadView, NoteReceiptView, ReceiptView, VerifyView
from .history import get_history
from .notes import AddNoteView, EraseHandoverView, EraseNoteView

State = Delivery.State


class ChooseView(ChoosePetitionView):
    """Chooses the petition of a new delivery."""

    permission_model = Delivery
    page_title = gettext_lazy("Add delivery")
    header_icon = "mail"
    viewset = "petition_deliveries"
    index_label = gettext_lazy("Deliveries")


class IndexView(HelpMixin, PetitionsListMixin, generic.IndexView):
    """The deliveries of all of the user's petitions, newest first."""

    model = Delivery
    page_title = gettext_lazy("Deliveries")
    header_icon = "mail"
    index_url_name = "petition_deliveries:index"
    index_results_url_name = "petition_deliveries:index_results"
    results_template_name = "wagtail_petition/admin/deliveries_results.html"
    add_item_label = gettext_lazy("Add delivery")
    add_model = Delivery
    choose_url_name = "petition_deliveries:choose"
    permission_policy = policies[Delivery]
    any_permission_required = ["view", "add", "change"]
    default_ordering = "-pk"
    paginate_by = 20
    columns = [
        PetitionsTitleColumn(
            "recipient",
            label=gettext_lazy("Recipient"),
            get_url=lambda each: reverse("petition_deliveries:detail", args=[each.pk]),
        ),
        Column("get_state_display", label=gettext_lazy("Status")),
        FigureColumn("count", label=gettext_lazy("Signatures")),
        Column("delivered_on", label=gettext_lazy("Delivered on")),
        MomentColumn("created_at", label=gettext_lazy("Created"), classname="petition-wide"),
    ]

    def get_base_queryset(self):
        deliveries = Delivery.objects.select_related("petition").defer("members")
        return limit(deliveries, self.request.user)

    def get_valid_orderings(self):
        return [*super().get_valid_orderings(), "-pk"]


class DetailView(DeliveryMixin, PetitionView):
    """The contents of a delivery, its files, their downloads, and buttons for the next actions."""

    page_title = gettext_lazy("Delivery")
    is_own_page = True
    template_name = "wagtail_petition/admin/delivery.html"

    def post(self, request, *args, **kwargs):
        name = request.POST.get("act")
        if name not in ("try_again", "rebuild"):
            raise Http404
        if not can(request.user, "change", self.petition, Delivery):
            raise Http404
        return self.act(name)

    def get_context_data(self, **kwargs):
        delivery, user = self.delivery, self.request.user
        return {
            **super().get_context_data(**kwargs),
            "details": describe(delivery),
            "files": delivery.files.all(),
            "may_download": can(user, "export", self.petition),
            "may_change": can(user, "change", self.petition, Delivery),
            "is_waiting": delivery.state == State.QUEUED,
            "withdrawn": selection.withdrawn_since(delivery) if delivery.members else [],
            "outdated": lifecycle.outdated(delivery) if is_outdated(delivery) else "",
            "codes": get_codes(delivery),
            "history": get_history(delivery),
            "may_erase": can(user, "erase", self.petition),
            "may_verify": delivery.files.exclude(path="").exists(),
        }


def get_codes(delivery):
    """The signatures printed with codes, for the template: their count and the first of them."""
    codes = delivery.printed_as_codes
    first = codes.get("first", [])
    fields = get_signature_resource(petitions=[delivery.petition]).fields if first else {}
    labels = {name: str(field.column_name) for name, field in fields.items()}
    rows = [(number, listed(labels.get(name, name) for name in names)) for number, names in first]
    return {
        "count": codes.get("count", 0),
        "first": rows,
        "more": codes.get("count", 0) > len(rows),
    }


class DeliveryViewSet(ViewSet):
    """Deliveries."""

    name = "petition_deliveries"
    menu_label = gettext_lazy("Deliveries")
    icon = "mail"
    menu_order = 250
    menu_item_class = menu_item("view", Delivery)

    def get_urlpatterns(self):
        return [
            path("", IndexView.as_view(), name="index"),
            path("results/", IndexView.as_view(results_only=True), name="index_results"),
            path("new/", ChooseView.as_view(), name="choose"),
            path("new/<int:pk>/", CreateView.as_view(), name="add"),
            path("<int:pk>/", DetailView.as_view(), name="detail"),
            path("<int:pk>/cancel/", CancelView.as_view(), name="cancel"),
            path("<int:pk>/delivered/", HandoverView.as_view(), name="handover"),
            path("<int:pk>/corrections/", CorrectionsView.as_view(), name="corrections"),
            path("<int:pk>/receipt/", ReceiptView.as_view(), name="receipt"),
            path("<int:pk>/verify/", VerifyView.as_view(), name="verify"),
            path("<int:pk>/delivered/erase/", EraseHandoverView.as_view(), name="erase_handover"),
            path("<int:pk>/notes/add/", AddNoteView.as_view(), name="add_note"),
            path("<int:pk>/notes/<int:note>/", NoteReceiptView.as_view(), name="note_receipt"),
            path("<int:pk>/notes/<int:note>/erase/", EraseNoteView.as_view(), name="erase_note"),
            path("<int:pk>/files/<int:file>/", DownloadView.as_view(), name="download"),
        ]
