"""The list of deliveries, and choosing the petition of a new one."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from wagtail_petition.access.permissions import limit, policies
from wagtail_petition.admin.choose_petition import ChoosePetitionView, NewestFirstMixin
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.admin.tables import FigureColumn, MomentColumn, PetitionsTitleColumn
from wagtail_petition.delivery.recipient_progress import get_steps, with_progress
from wagtail_petition.models import Delivery, DeliverySplit


class ProgressColumn(Column):
    """The delivery's state, and below it how far it is with its recipient."""

    cell_template_name = "wagtail_petition/admin/cells/progress.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        return {**context, "step": next(reversed(get_steps(instance)), None)}


class ChooseView(ChoosePetitionView):
    """Chooses the petition of a new delivery."""

    permission_model = Delivery
    page_title = gettext_lazy("Add delivery")
    header_icon = "mail"
    viewset = "petition_deliveries"
    index_label = gettext_lazy("Deliveries")


class PartColumn(Column):
    """Which part of which split delivery it is, with a link to all parts."""

    cell_template_name = "wagtail_petition/admin/cells/part.html"


class IndexView(HelpMixin, NewestFirstMixin, generic.IndexView):
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

    @cached_property
    def columns(self):
        has_parts = limit(DeliverySplit.objects.all(), self.request.user).exists()
        return [
            PetitionsTitleColumn(
                "recipient",
                label=_("Recipient"),
                get_url=lambda each: reverse("petition_deliveries:detail", args=[each.pk]),
            ),
            *(
                [PartColumn("part_label", label=pgettext("of a split delivery", "Part"))]
                if has_parts
                else []
            ),
            ProgressColumn("get_state_display", label=_("Status")),
            FigureColumn("count", label=_("Signatures")),
            Column("delivered_on", label=_("Delivered on")),
            MomentColumn("created_at", label=_("Created"), classname="petition-wide"),
        ]

    def get_base_queryset(self):
        deliveries = Delivery.objects.filter(corrects=None)
        deliveries = deliveries.select_related("petition").defer("members")
        return limit(with_progress(deliveries), self.request.user)
