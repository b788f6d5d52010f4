"""The viewsets of block rules, bulk invalidations and messages."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from wagtail_petition.admin.menu import MessagesMenuItem, menu_item
from wagtail_petition.admin.tables import MomentColumn
from wagtail_petition.models import BlockRule

from .forms import BlockRuleForm
from .views import block_rules, invalidations
from .views.messages import MessagesView


class BlockRuleViewSet(ModelViewSet):
    """The block rules. They apply to all petitions, so the model permission is enough."""

    model = BlockRule
    name = "petition_block_rules"
    menu_label = _("Block rules")
    icon = "no-view"
    menu_order = 500
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = block_rules.BlockRuleIndexView
    add_view_class = block_rules.BlockRuleCreateView
    edit_view_class = block_rules.BlockRuleEditView
    list_display = [
        "shown",
        "kind",
        "effect",
        "note",
        MomentColumn("created_at", label=_("Created"), sort_key="created_at"),
    ]
    list_filter = ["kind", "effect"]
    search_fields = ["value", "hint", "note"]
    create_template_name = edit_template_name = block_rules.TryFirstMixin.template_name

    def get_form_class(self, for_update=False):
        return BlockRuleForm


class InvalidationViewSet(ViewSet):
    """Bulk invalidations."""

    name = "petition_invalidations"
    menu_label = _("Bulk invalidations")
    icon = "cross"
    menu_order = 400
    menu_item_class = menu_item("change")

    def get_urlpatterns(self):
        return [
            path("", invalidations.IndexView.as_view(), name="index"),
            path(
                "results/", invalidations.IndexView.as_view(results_only=True), name="index_results"
            ),
            path("new/", invalidations.ChooseView.as_view(), name="choose"),
            path("new/<int:pk>/", invalidations.AddView.as_view(), name="add"),
            path("<int:pk>/", invalidations.DetailView.as_view(), name="detail"),
        ]


class MessageViewSet(ViewSet):
    """Messages."""

    name = "petition_messages"
    menu_label = _("Messages")
    icon = "comment"
    menu_order = 300
    menu_item_class = MessagesMenuItem

    def get_urlpatterns(self):
        return [path("", MessagesView.as_view(), name="index")]
