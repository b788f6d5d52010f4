"""Publish all languages of a petition from the editor of one of them."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.action_menu import PublishMenuItem

from wagtail_petition.models import PetitionPageMixin
from wagtail_petition.pages import publishing

# The value of Wagtail's own button to publish. Ours has another.
FIELD, VALUE = "action-publish", "all-languages"


class PublishLanguagesMenuItem(PublishMenuItem):
    """*Publish in all languages*, for users who may publish another language than this page's."""

    label = gettext_lazy("Publish in all languages")
    template_name = "wagtail_petition/admin/publish_languages.html"
    icon_name = "globe"
    order = 31

    def __init__(self, order=None):
        super().__init__(order or self.order)

    def is_shown(self, context):
        return (
            context["view"] == "edit"
            and isinstance(context["page"], PetitionPageMixin)
            and super().is_shown(context)
            and bool(publishing.publishable_languages(context["page"], context["request"].user))
        )

    def get_context_data(self, parent_context):
        return {**super().get_context_data(parent_context), "name": FIELD, "value": VALUE}


def is_for_all_languages(request: HttpRequest) -> bool:
    """Whether the editor's form was sent with *Publish in all languages*."""
    return request.POST.get(FIELD) == VALUE


def publish_languages(request, page):
    """Publish the other languages after the page itself, and show a message about each."""
    page = page.specific
    if not isinstance(page, PetitionPageMixin) or not is_for_all_languages(request):
        return
    goes_live_at = page.get_latest_revision().approved_go_live_at
    outcomes = publishing.publish_languages(page, request.user, goes_live_at)
    live = [each.page for each in outcomes if not each.refused and not each.goes_live_at]
    scheduled = [each.page for each in outcomes if not each.refused and each.goes_live_at]
    if live:
        messages.success(request, _("Also published: %(languages)s.") % _names(live))
    if scheduled:
        messages.success(request, _("Also scheduled: %(languages)s.") % _names(scheduled))
    for page, reason, _goes_live_at in outcomes:
        if reason:
            messages.warning(
                request,
                _("%(language)s was not published. %(reason)s")
                % {"language": page.locale, "reason": reason},
                buttons=_edit_buttons(page, request.user),
            )


def _names(pages):
    return {"languages": get_text_list([str(page.locale) for page in pages], _("and"))}


def _edit_buttons(page, user):
    if not page.permissions_for_user(user).can_edit():
        return []
    return [messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("Edit"))]
