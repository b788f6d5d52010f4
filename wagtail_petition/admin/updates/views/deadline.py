"""Tell signers that the closing date has changed: the text is ready, the rest as for an update."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_petition.formats import language_name
from wagtail_petition.mail.deadline import sample_deadline
from wagtail_petition.updates import sending

from .base import DeadlineMixin
from .send import AudienceView, SendView


class DeadlineView(DeadlineMixin, SendView):
    """The page of its sending, with a preview in each language."""

    page_title = gettext_lazy("Tell signers about the closing date")
    # Its title is made from the dates.
    subject_to_store = ""

    def post(self, request, *args, **kwargs):
        if request.POST.get("action") != "discard":
            return super().post(request, *args, **kwargs)
        try:
            sending.discard(self.update)
        except sending.WrongState:
            messages.error(request, _("The update has changed in the meantime. Try again."))
            return self.back()
        messages.success(request, _("Signers won’t be told."))
        return redirect("petition_updates:index", self.petition.pk)

    def send_tests(self):
        raise Http404

    def is_sendable(self):
        self.update.petition = self.petition
        if problem := sending.get_problem(self.update):
            messages.error(
                self.request,
                _("Publish the petition’s page first.")
                if problem == "offline"
                else _("The closing date has changed again, or has passed."),
            )
        return not problem

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "is_outdated": self.update.is_outdated(self.petition.closes_at),
            "previews": [
                (language_name(page.language), sample_deadline(self.update, page, self.request))
                for page in self.pages
            ],
        }


class DeadlineAudienceView(DeadlineMixin, AudienceView):
    """How many signers would get it, in which language. Every language has its text."""

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "subject": self.subject}
