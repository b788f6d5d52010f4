"""Menu items that only those see who can use them."""

from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from wagtail_petition.access import counting
from wagtail_petition.access.permissions import policies
from wagtail_petition.models import Signature


def menu_item(action, model=Signature):
    """A class of menu items for who may do ``action`` with the signatures of some petition, or
    with what else of it ``model`` is."""

    class PetitionMenuItem(MenuItem):
        def is_shown(self, request):
            return policies[model].user_has_permission(request.user, action)

    return PetitionMenuItem


# The menu is on every page: it counts no further.
MOST_IN_MENU = 99


class MessagesMenuItem(menu_item("change")):
    """Messages, with the number of those that wait to be read."""

    def render_component(self, request):
        pending = counting.messages_of(request.user, Signature.MessageState.PENDING)
        count = counting.bounded(pending, MOST_IN_MENU)
        label = self.label
        if count.number:
            number = f"{count.number}{'+' if count.is_more else ''}"
            label = _("%(label)s (%(count)s)") % {"label": label, "count": number}
        return LinkMenuItem(
            self.name,
            label,
            self.url,
            icon_name=self.icon_name,
            classname=self.classname,
            attrs=self.attrs,
        )
