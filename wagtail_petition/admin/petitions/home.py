"""The petitions on the admin's home page."""

from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.components import Component

from wagtail_petition.access.permissions import editable_petitions, policies
from wagtail_petition.models import Petition

from .petition_pages import attach_pages
from .statistics import with_figures

SHOWN = 5


def is_allowed(user):
    """Whether ``user`` may see the figures of any petition."""
    return policies[Petition].user_has_permission(user, "view")


class PetitionsSummaryItem(SummaryItem):
    """The number of petitions, next to pages and images."""

    order = 250
    template_name = "wagtail_petition/admin/home_summary.html"

    def is_shown(self):
        return is_allowed(self.request.user)

    def get_context_data(self, parent_context):
        return {"number": editable_petitions(self.request.user).count()}


class PetitionsPanel(Component):
    """The newest petitions with their figures. Renders nothing without permission."""

    name = "petitions"
    template_name = "wagtail_petition/admin/home_panel.html"
    order = 150

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        if not is_allowed(user):
            return {"petitions": []}
        newest = editable_petitions(user).order_by("-created_at")
        shown = list(newest.values_list("pk", flat=True)[:SHOWN])
        petitions = with_figures(Petition.objects.filter(pk__in=shown)).order_by("-created_at")
        return {"petitions": attach_pages(list(petitions))}
