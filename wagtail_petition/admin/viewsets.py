"""The Petitions menu and its viewsets."""

from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from wagtail_petition.access.permissions import policies
from wagtail_petition.admin.deliveries.viewsets import DeliveryViewSet
from wagtail_petition.admin.exports.views import ExportDownloadView, ExportProgressView, ExportView
from wagtail_petition.admin.imports.viewsets import ImportViewSet
from wagtail_petition.admin.moderation.viewsets import (
    BlockRuleViewSet,
    InvalidationViewSet,
    MessageViewSet,
)
from wagtail_petition.admin.petitions.viewsets import PetitionViewSet
from wagtail_petition.admin.representatives.viewsets import RepresentativeViewSet
from wagtail_petition.admin.signatures.views.actions import ActionView
from wagtail_petition.admin.signatures.views.bulk_actions import BulkActionProgressView
from wagtail_petition.admin.signatures.views.counts import CountsView
from wagtail_petition.admin.signatures.views.index import SignatureIndexView
from wagtail_petition.admin.signatures.views.inspect import SignatureInspectView
from wagtail_petition.compat import POLICIES_ARE_REGISTERED
from wagtail_petition.models import Signature


class PetitionModelViewSet(ModelViewSet):
    """A viewset of one of our models, with the permission policy from ``access.permissions``."""

    add_to_reference_index = False
    copy_view_enabled = False

    if not POLICIES_ARE_REGISTERED:

        @cached_property
        def permission_policy(self):
            return policies[self.model]


class SignatureURLFinder(ModelAdminURLFinder):
    """The URL of a signature for the site's history: its inspect view, since it can't be edited."""

    def get_edit_url(self, instance):
        if self.user and not policies[Signature].user_has_permission_for_instance(
            self.user, "view", instance
        ):
            return None
        return reverse("petition_signatures:inspect", args=[instance.pk])


class SignatureViewSet(PetitionModelViewSet):
    """The signatures of the user's petitions. They can't be added, edited or deleted directly."""

    model = Signature
    name = "petition_signatures"
    menu_label = _("Signatures")
    icon = "list-ul"
    menu_order = 200
    list_per_page = 50
    inspect_view_enabled = True
    index_view_class = SignatureIndexView
    inspect_view_class = SignatureInspectView

    def get_common_view_kwargs(self, **kwargs):
        kwargs = super().get_common_view_kwargs(**kwargs)
        for name in ("add", "edit", "delete", "history", "usage"):
            del kwargs[f"{name}_url_name"]
        return kwargs

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("counts/", CountsView.as_view(), name="counts"),
            path("export/", ExportView.as_view(), name="export"),
            path("exports/<int:pk>/", ExportProgressView.as_view(), name="export_progress"),
            path(
                "exports/<int:pk>/file/",
                ExportDownloadView.as_view(),
                name="export_download",
            ),
            path("bulk-actions/<int:pk>/", BulkActionProgressView.as_view(), name="bulk_action"),
            path("<int:pk>/", self.inspect_view, name="inspect"),
            path("<int:pk>/<slug:action>/", ActionView.as_view(), name="action"),
        ]

    def register_admin_url_finder(self):
        register_admin_url_finder(Signature, SignatureURLFinder)

    def get_permissions_to_register(self):
        """The permissions on signatures that are used."""
        names = [f"{name}_signature" for name in ("view", "change", "export", "import", "erase")]
        return super().get_permissions_to_register().filter(codename__in=names)


class PetitionViewSetGroup(ModelViewSetGroup):
    """The menu *Petitions*."""

    menu_label = _("Petitions")
    menu_name = "petitions"
    menu_icon = "clipboard-list"
    menu_order = 250
    items = [
        PetitionViewSet,
        SignatureViewSet,
        DeliveryViewSet,
        RepresentativeViewSet,
        ImportViewSet,
        MessageViewSet,
        InvalidationViewSet,
        BlockRuleViewSet,
    ]
