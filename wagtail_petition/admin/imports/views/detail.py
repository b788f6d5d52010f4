"""One import with its progress or results, and buttons for what can be done."""

from django.http import Http404
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.imports.details import describe, expires_at, mapping_rows
from wagtail_petition.admin.imports.results import get_results, refused_count
from wagtail_petition.imports import notification, run
from wagtail_petition.models import PetitionLogEntry

from .actions import get_notice_page
from .base import ImportMixin, Mode, State, next_step


class DetailView(ImportMixin, PetitionView):
    """One import: its progress or results, how it was read, and buttons for what can be done."""

    page_title = gettext_lazy("Import")
    template_name = "wagtail_petition/admin/import.html"

    def post(self, request, *args, **kwargs):
        """Continue a failed import."""
        if request.POST.get("action") != "try_again" or self.batch.state != State.FAILED:
            raise Http404
        if run.start(self.batch, request.user):
            messages.success(request, gettext_lazy("Import started."))
        return self.back()

    def get_context_data(self, **kwargs):
        batch = self.batch
        entries = PetitionLogEntry.objects.filter(
            petition=self.petition, **{"data__import": batch.pk}
        )
        can_notify = get_notice_page(batch) is not None
        return {
            **super().get_context_data(**kwargs),
            "results": get_results(batch) if batch.counts else [],
            "details": describe(batch),
            "mapping": mapping_rows(batch),
            "is_list": batch.mode == Mode.NO_EMAILS,
            "expires_at": expires_at(batch),
            "next_step": next_step(batch),
            "refused": refused_count(batch),
            "entries": entries.select_related("user")[:50],
            "can_revert": batch.state in (State.DONE, State.FAILED),
            "notified": notification.count(batch) if can_notify else 0,
        }
