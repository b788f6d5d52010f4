"""Menu items that only those see who can use them."""

from wagtail.admin.menu import MenuItem

from wagtail_petition.access.permissions import policies
from wagtail_petition.models import Signature


def menu_item(action, model=Signature):
    """A class of menu items for who may do ``action`` with the signatures of some petition, or
    with what else of it ``model`` is."""

    class PetitionMenuItem(MenuItem):
        def is_shown(self, request):
            return policies[model].user_has_permission(request.user, action)

    return PetitionMenuItem
