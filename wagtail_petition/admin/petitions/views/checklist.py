"""Refresh the editor's checklist after Wagtail has saved a draft in the background."""

from django.http import Http404
from django.views.generic import TemplateView

from wagtail_petition.models import PetitionPageMixin
from wagtail_petition.pages.checklist import checklist
from wagtail_petition.pages.checklist.panel import as_context
from wagtail_petition.pages.lookup import petition_page_models
from wagtail_petition.pages.texts import shown_instead


class ChecklistView(TemplateView):
    """The checklist of a page's newest draft, and the defaults of its blank fields, as HTML.

    404 without access.
    """

    template_name = "wagtail_petition/admin/checklist_refreshed.html"

    def get_context_data(self, **kwargs):
        page = _find_page(kwargs["pk"])
        if page is None or not page.permissions_for_user(self.request.user).can_edit():
            raise Http404
        draft = page.get_latest_revision_as_object()
        return {
            **super().get_context_data(**kwargs),
            **as_context(checklist(draft)),
            "defaults": shown_instead(draft),
            "language": draft.language,
        }


def _find_page(pk: int) -> PetitionPageMixin | None:
    """The petition page of any type with this id, or None."""
    for model in petition_page_models():
        if page := model.objects.filter(pk=pk).first():
            return page
    return None
