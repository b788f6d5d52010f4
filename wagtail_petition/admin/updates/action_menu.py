"""*Send to signers* in the action menu of an update's editor."""

from django.urls import reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.action_menu import ActionMenuItem

from wagtail_petition.access.permissions import can
from wagtail_petition.models import Petition, PetitionUpdateMixin, Update


class SendUpdateMenuItem(ActionMenuItem):
    """A link, for users who may send updates, once the update is live."""

    label = gettext_lazy("Send to signers")
    name = "petition-send-update"
    icon_name = "mail"

    def __init__(self, order=95):
        super().__init__(order)

    def is_shown(self, context):
        page = context.get("page")
        if context["view"] != "edit" or not isinstance(page, PetitionUpdateMixin) or not page.live:
            return False
        if (above := page.petition_page) is None:
            return False
        petition = Petition.objects.filter(key=above.petition_key).first()
        return petition is not None and can(context["request"].user, "send", petition, Update)

    def get_url(self, context):
        return reverse("petition_updates:send", args=[context["page"].pk])
