"""Menu items that only those see who can use them."""

from wagtail.admin.menu import MenuItem

from wagtail_petition.models import Signature

from .permissions import policies


def menu_item(action):
    """A class of menu items for who may do ``action`` with the signatures of some petition."""

    class PetitionMenuItem(MenuItem):
        def is_shown(self, request):
            return policies[Signature].user_has_permission(request.user, action)

    return PetitionMenuItem
