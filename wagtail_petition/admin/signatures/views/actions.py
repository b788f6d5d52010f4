"""The views to run an action on one signature."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button

from wagtail_petition.access.permissions import limit
from wagtail_petition.admin.base import (
    petition_breadcrumbs,
    signature_title,
    signatures_url,
)
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.admin.signatures.forms import ReasonForm
from wagtail_petition.models import Signature
from wagtail_petition.moderation.actions import SIGNATURE_ACTIONS


def action_buttons(user, signature):
    """The buttons for the actions that ``user`` can run on ``signature``."""
    return [
        Button(
            action.label,
            url=reverse("petition_signatures:action", args=[signature.pk, action.name]),
            icon_name=action.icon,
            priority=priority,
        )
        for priority, action in enumerate(SIGNATURE_ACTIONS.values(), 20)
        if signature.status in action.statuses and action.is_allowed(user, signature)
    ]


class ActionView(HelpMixin, WagtailAdminTemplateMixin, FormView):
    """Runs a ``SignatureAction`` on one signature, after asking."""

    template_name = "wagtail_petition/admin/signature_action.html"
    form_class = ReasonForm

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        signatures = limit(Signature.objects.select_related("petition"), request.user)
        self.signature = get_object_or_404(signatures, pk=kwargs["pk"])
        action = SIGNATURE_ACTIONS.get(kwargs["action"])
        if action is None or not action.is_allowed(request.user, self.signature):
            raise Http404
        self.action = action

    def dispatch(self, request, *args, **kwargs):
        if not self.action.can_act_on(self.signature):
            messages.warning(
                request,
                _("You can’t do this: the status of the signature is “%(status)s”.")
                % {"status": self.signature.get_status_display()},
            )
            return redirect(self.inspect_url)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def inspect_url(self):
        return reverse("petition_signatures:inspect", args=[self.signature.pk])

    @cached_property
    def next_url(self):
        """The URL to return to."""
        return get_valid_next_url_from_request(self.request) or self.inspect_url

    def get_page_title(self):
        return self.action.label

    def get_page_subtitle(self):
        return signature_title(self.signature)

    def get_header_icon(self):
        return self.action.icon

    @property
    def button_label(self):
        return self.action.get_button_label(1)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            *petition_breadcrumbs(self.signature.petition),
            {"url": signatures_url(self.signature.petition), "label": _("Signatures")},
            {"url": self.inspect_url, "label": str(self.signature)},
            {"url": "", "label": self.action.label, "sublabel": str(self.signature)},
        ]

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "action": self.action}

    def form_valid(self, form):
        if self.action.run_on(self.signature, form.cleaned_data.get("reason", "")):
            messages.success(self.request, self.action.get_message(1))
        else:
            messages.error(
                self.request,
                _("Not confirmed: another signature with this email is already confirmed."),
            )
        if Signature.objects.filter(pk=self.signature.pk).exists():
            return redirect(self.next_url)
        # A withdrawn unconfirmed signature is deleted.
        return redirect("petition_signatures:index")
