"""The views to revert an import, to notify its signers, and to delete a draft."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from wagtail_petition import ledger
from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.petitions.charts import number
from wagtail_petition.imports import batches, notification, run
from wagtail_petition.mail.rendering import sample_message
from wagtail_petition.models import OutgoingEmail
from wagtail_petition.pages.lookup import find_page

from .base import ImportMixin, Mode, State


class RevertView(ImportMixin, PetitionView):
    """Reverts an import, after asking; or says why it can't be reverted."""

    page_title = gettext_lazy("Revert import")
    template_name = "wagtail_petition/admin/import_revert.html"

    def dispatch(self, request, *args, **kwargs):
        if self.batch.state not in (State.DONE, State.FAILED):
            messages.error(request, _("Only what has been imported can be reverted."))
            return self.back()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        try:
            if run.start_revert(self.batch, request.user):
                messages.success(request, _("Revert started."))
            else:
                messages.error(request, _("This import is already being reverted."))
        except ledger.NotRevertible as error:
            messages.error(request, str(error))
        return self.back()

    def get_context_data(self, **kwargs):
        is_list = self.batch.mode == Mode.NO_EMAILS
        return {
            **super().get_context_data(**kwargs),
            "reason": run.why_not_revertible(self.batch),
            "is_list": is_list,
            "is_asked": self.batch.mode == Mode.ASK,
            "count": self.batch.count if is_list else ledger.revertible(self.batch).count(),
        }


class NotifyView(ImportMixin, PetitionView):
    """Emails the imported people that their signature was moved here, after asking."""

    page_title = gettext_lazy("Notify signers")
    template_name = "wagtail_petition/admin/import_notify.html"

    def dispatch(self, request, *args, **kwargs):
        self.page = get_notice_page(self.batch)
        if self.page is None:
            if self.batch.told_at:
                messages.error(request, _("These signers have already been notified."))
            else:
                messages.error(request, _("These signers can’t be notified."))
            return self.back()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        queued = notification.notify(self.batch, request.user)
        if queued is None:
            messages.error(request, _("These signers have already been notified."))
        else:
            messages.success(
                request,
                ngettext("%(count)s email will be sent.", "%(count)s emails will be sent.", queued)
                % {"count": number(queued)},
            )
        return self.back()

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "count": notification.count(self.batch),
            "email": sample_message(OutgoingEmail.Kind.MOVED, self.page, self.request),
        }


def get_notice_page(batch):
    """The page about which the signers can be notified, or None if they can't."""
    if not notification.can_notify(batch):
        return None
    return find_page(batch.petition.key, batch.petition.source_language)


class DeleteView(ImportMixin, PetitionView):
    """Deletes a draft with its file, after asking."""

    page_title = gettext_lazy("Delete draft")
    template_name = "wagtail_petition/admin/import_delete.html"

    def dispatch(self, request, *args, **kwargs):
        if self.batch.state != State.DRAFT:
            messages.error(request, _("Only drafts can be deleted."))
            return self.back()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if not batches.delete_draft(self.batch):
            messages.error(request, _("Only drafts can be deleted."))
            return self.back()
        messages.success(request, _("Draft deleted."))
        return redirect("petition_imports:index")
