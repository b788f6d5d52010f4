"""Send an update: to whom, when, after a test; then follow, pause and stop it."""

import logging
import smtplib
from typing import cast

from django.contrib.auth.models import AbstractUser
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.petitions.charts import number
from wagtail_petition.admin.updates.forms import SendForm
from wagtail_petition.formats import language_name
from wagtail_petition.models import Update
from wagtail_petition.updates import sending, testing
from wagtail_petition.updates.audience import by_language, not_yet_reached

from .base import UpdateMixin

logger = logging.getLogger("wagtail_petition.admin")

ACTIONS = {
    "pause": (sending.pause, gettext_lazy("Sending is paused.")),
    "resume": (sending.resume, gettext_lazy("Sending continues.")),
    "stop": (sending.stop, gettext_lazy("Sending has been stopped.")),
}


class SendView(UpdateMixin, PetitionView):
    """The page of an update's sending: its state and the buttons for what can be done next."""

    page_title = gettext_lazy("Send to signers")
    template_name = "wagtail_petition/admin/update.html"

    def get_form(self, data=None):
        return SendForm(self.petition, self.update, data)

    def post(self, request, *args, **kwargs):
        name = request.POST.get("action")
        try:
            if name == "resume" and testing.untested(self.update, self.pages):
                self.ask_for_tests()
            elif name in ACTIONS:
                action, message = ACTIONS[name]
                action(self.update, request.user)
                messages.success(request, message)
            elif name == "test":
                self.send_tests()
            elif name == "send":
                return self.send()
            else:
                raise Http404
        except sending.WrongState:
            messages.error(request, _("The update has changed in the meantime. Try again."))
        return self.back()

    @property
    def subject_to_store(self):
        """The title for lists, kept when its page is gone."""
        return self.pages[0].title

    def back(self):
        return redirect(self.own_url)

    def send_tests(self):
        """Send the user the email in each language."""
        user = cast(AbstractUser, self.request.user)
        if not user.email:
            messages.error(self.request, _("Enter your email address in your account first."))
            return
        if not self.is_sendable():
            return
        update = sending.get_update(self.petition, self.page)
        try:
            count = testing.send_tests(update, self.pages, user, self.request)
        except (smtplib.SMTPException, OSError) as error:
            logger.warning("A test email could not be sent: %s", error)
            messages.error(self.request, _("The mail server accepts no emails at the moment."))
            return
        messages.success(
            self.request,
            ngettext(
                "%(count)s test email sent to %(address)s.",
                "%(count)s test emails sent to %(address)s.",
                count,
            )
            % {"count": number(count), "address": user.email},
        )

    def send(self):
        """Start sending, or show why not."""
        form = self.get_form(self.request.POST)
        if not form.is_valid():
            messages.validation_error(
                self.request, _("The update could not be sent due to errors."), form
            )
            return self.render_to_response(self.get_context_data(form=form))
        if not self.is_sendable():
            return self.back()
        if testing.untested(self.update, self.pages):
            self.ask_for_tests()
            return self.render_to_response(self.get_context_data(form=form))
        if not not_yet_reached(self.update, form.audience).exists():
            messages.error(
                self.request, _("Nobody would get this update. Choose other recipients.")
            )
            return self.render_to_response(self.get_context_data(form=form))
        send_at = form.cleaned_data["send_at"]
        sending.start(
            self.update,
            form.audience,
            title=self.subject_to_store,
            send_at=send_at,
            user=self.request.user,
        )
        messages.success(
            self.request, _("The update is scheduled.") if send_at else _("Sending has started.")
        )
        return self.back()

    def ask_for_tests(self):
        messages.error(self.request, _("Send yourself test emails first, and read them."))

    def is_sendable(self):
        """Whether its pages are live. If not, adds a message."""
        self.update.petition = self.petition
        if sending.get_problem(self.update) == "offline":
            messages.error(self.request, _("Publish the update and the petition’s page first."))
            return False
        return True

    def get_context_data(self, **kwargs):
        update = self.update
        counts = sending.count_emails(update) if update.pk else {}
        is_active = update.state in Update.ACTIVE
        done = sum(counts.get(state, 0) for state in ("sent", "failed", "dropped"))
        return {
            "form": None if is_active else self.get_form(),
            **super().get_context_data(**kwargs),
            "counts": counts,
            "done": done,
            "is_active": is_active,
            "was_sent": update.started_at is not None,
            "untested": testing.untested(update, self.pages),
        }


class AudienceView(UpdateMixin, PetitionView):
    """The HTML that says how many signers would get it, in which language, and how long it takes."""

    page_title = gettext_lazy("Recipients")
    template_name = "wagtail_petition/admin/update_audience.html"

    def get_context_data(self, **kwargs):
        form = SendForm(self.petition, self.update, self.request.GET)
        # The time doesn't matter here, and may be half typed.
        form.fields["send_at"].required = False
        context = super().get_context_data(**kwargs)
        form.is_valid()
        if set(form.errors) - {"send_at"}:
            return context | {"is_wrong": True}
        numbers = by_language(not_yet_reached(self.update, form.audience))
        total = sum(numbers.values())
        own = {page.language: page for page in self.pages}
        rows = [
            (language_name(language), count, own.get(language))
            for language, count in numbers.items()
        ]
        return context | {
            "total": total,
            "rows": rows,
            "fallback": language_name(self.pages[0].language) if self.pages else "",
            "estimate": sending.estimate(total),
        }
