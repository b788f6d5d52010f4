"""Bulk actions on signatures. "All" means all that match the list's filters and the user may edit.

Wagtail's ``BulkAction`` would load all rows of the table for "all". We only use its place in the
list's footer and its URL.
"""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property, classproperty
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_petition.access.permissions import policies
from wagtail_petition.access.selection import Selection, get_ids
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.admin.signatures.forms import NumberForm, ReasonForm
from wagtail_petition.models import BulkAct, Signature
from wagtail_petition.moderation import bulk
from wagtail_petition.moderation.actions import BULK_ACTIONS, SignatureAction

SAMPLE = 10


class SignatureBulkAction(BulkAction):
    """Base of the bulk actions on the selected signatures."""

    permission = "change"

    @classproperty
    def models(cls):
        return [Signature]

    def __init__(self, request, model):
        super().__init__(request, model)
        if not policies[Signature].user_has_permission(request.user, self.permission):
            raise Http404
        self.selection = Selection(request.user, request.GET)

    @cached_property
    def ids(self):
        """The selected ids, or None for all that match."""
        return get_ids(self.request.GET)

    @cached_property
    def signatures(self):
        """The selected signatures that the user may see, as a queryset."""
        return bulk.selected(self.selection, self.ids)

    def eligible(self):
        """The eligible signatures of ``signatures``."""
        return self.signatures

    @cached_property
    def count(self):
        """The number of eligible signatures."""
        return self.eligible().count()

    def get_actionable_objects(self):
        """Nothing: overridden so that Wagtail doesn't load the objects."""
        return [], {}

    @classmethod
    def execute_action(cls, objects, **kwargs):
        """Not used: ``form_valid`` acts on querysets."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "action": self,
            "selected": self.signatures.count(),
            "count": self.count,
            "sample": self.eligible().order_by("-pk")[:SAMPLE],
        }


class ExportAction(SignatureBulkAction):
    """Exports the selected signatures, on the page for exports."""

    display_name = gettext_lazy("Export")
    aria_label = gettext_lazy("Export the selected signatures")
    action_type = "export"
    action_priority = 40
    permission = "export"

    def dispatch(self, request, *args, **kwargs):
        ids = ["all"] if self.ids is None else self.ids or [""]
        query = [self.selection.query, urlencode({"id": ids}, doseq=True)]
        return redirect(f"{reverse('petition_signatures:export')}?{'&'.join(filter(None, query))}")


class RunAction(SignatureBulkAction):
    """Runs a ``SignatureAction`` on the selected signatures."""

    signature_action: SignatureAction
    template_name = "wagtail_petition/admin/signature_bulk.html"

    def eligible(self):
        return self.signature_action.eligible(self.signatures)

    @property
    def form_class(self):
        return NumberForm if self.signature_action.asks_number else ReasonForm

    def get_form_kwargs(self):
        kwargs = {**super().get_form_kwargs(), "action": self.signature_action}
        if self.signature_action.asks_number:
            kwargs["count"] = self.count
        return kwargs

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "button_label": self.signature_action.get_button_label(context["count"])}

    def form_valid(self, form):
        act = bulk.start(
            self.signature_action,
            self.selection,
            self.ids,
            self.request.user,
            form.cleaned_data.get("reason", ""),
        )
        if act.is_at_work:
            return redirect("petition_signatures:bulk_action", act.pk)
        messages.success(self.request, self.signature_action.get_message(act.count))
        return redirect(self.next_url)


def _make_action(action, priority):
    return type(
        f"{type(action).__name__}Action",
        (RunAction,),
        {
            "signature_action": action,
            "display_name": action.label,
            "aria_label": action.bulk_label,
            "action_type": action.name,
            "action_priority": priority,
            "permission": action.permission,
            "classes": {"serious"} if action.is_serious else set(),
        },
    )


ACTIONS = [
    *(_make_action(action, priority) for priority, action in enumerate(BULK_ACTIONS, 10)),
    ExportAction,
]


class BulkActionProgressView(HelpMixin, WagtailAdminTemplateMixin, TemplateView):
    """The progress of a bulk action, with a button to stop it. For the user who started it."""

    template_name = "wagtail_petition/admin/signature_bulk_progress.html"
    header_icon = "list-ul"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        acts = BulkAct.objects.all()
        if not request.user.is_superuser:
            acts = acts.filter(user=request.user)
        self.act = get_object_or_404(acts, pk=kwargs["pk"])
        if not self.signature_action.is_allowed(request.user):
            raise Http404

    @property
    def signature_action(self):
        return bulk.BY_NAME[self.act.verb]

    def get_page_title(self):
        return self.signature_action.label

    def post(self, request, *args, **kwargs):
        if bulk.stop(self.act):
            self.act.refresh_from_db()
            done = self.signature_action.get_message(self.act.count)
            messages.success(request, _("Bulk action stopped. %(done)s") % {"done": done})
        return redirect("petition_signatures:bulk_action", self.act.pk)

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "work": self.act,
            "result": self.signature_action.get_message(self.act.count),
        }
