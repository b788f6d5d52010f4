"""Menu items that are shown only to users with access."""

from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem

from wagtail_petition.access import counting
from wagtail_petition.access.permissions import policies
from wagtail_petition.models import Signature


def menu_item(action, model=Signature):
    """A class of menu items shown to users who may do ``action`` on ``model`` for any petition."""

    class PetitionMenuItem(MenuItem):
        def is_shown(self, request):
            return policies[model].user_has_permission(request.user, action)

    return PetitionMenuItem


# Counted up to this number only, because the menu is on every page.
MOST_IN_MENU = 99


class MessagesMenuItem(menu_item("change")):
    """Messages, with the number of pending ones."""

    def render_component(self, request):
        pending = counting.get_messages(request.user, Signature.MessageState.PENDING)
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
