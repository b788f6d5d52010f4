"""The Petitions menu and its viewsets."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import VERSION
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from wagtail_petition.models import Signature

from .block_rules import BlockRuleViewSet
from .invalidations import InvalidationViewSet
from .permissions import policies
from .petitions import PetitionViewSet
from .public_messages import MessageViewSet


class PetitionModelViewSet(ModelViewSet):
    """A viewset of one of our models, scoped by ``permissions.policies``."""

    add_to_reference_index = False
    copy_view_enabled = False

    if VERSION < (8, 0):  # From 8.0 on, the policies are registered.

        @cached_property
        def permission_policy(self):
            return policies[self.model]


class SignatureViewSet(PetitionModelViewSet):
    """The signatures of the petitions one may edit."""

    model = Signature
    name = "petition_signatures"
    menu_label = _("Signatures")
    icon = "list-ul"
    menu_order = 200
    inspect_view_enabled = True
    form_fields = []


class PetitionViewSetGroup(ModelViewSetGroup):
    """The menu of everything about petitions."""

    menu_label = _("Petitions")
    menu_name = "petitions"
    menu_icon = "clipboard-list"
    menu_order = 250
    items = [
        PetitionViewSet,
        SignatureViewSet,
        MessageViewSet,
        InvalidationViewSet,
        BlockRuleViewSet,
    ]
