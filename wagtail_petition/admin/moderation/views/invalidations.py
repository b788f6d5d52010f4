"""The views of invalidation rules: add with a preview, show the progress, stop, undo."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from wagtail_petition.access import counting
from wagtail_petition.access.permissions import limit, policies
from wagtail_petition.admin.base import PetitionFormView, PetitionView, signatures_url
from wagtail_petition.admin.choose_petition import ChoosePetitionView, NewestFirstMixin
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.admin.moderation.forms import InvalidationForm
from wagtail_petition.admin.tables import FigureColumn, MomentColumn, PetitionsTitleColumn
from wagtail_petition.countries import countries
from wagtail_petition.models import Invalidation, Signature
from wagtail_petition.moderation.invalidation import (
    preview,
    resume,
    start,
    still_invalidated,
    stop,
    undo,
)


class AddView(PetitionFormView):
    """Adds a rule. The first button shows what it would invalidate, the second starts it."""

    action = "change"
    page_title = gettext_lazy("Add bulk invalidation")
    header_icon = "cross"
    template_name = "wagtail_petition/admin/invalidation_form.html"
    submit_button_label = gettext_lazy("Preview")
    form_class = InvalidationForm

    def get_initial(self):
        return {
            name: self.request.GET[name]
            for name in Invalidation.RULE_FIELDS
            if name in self.request.GET
        }

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": Invalidation(petition=self.petition)}

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        invalidation = form.save(commit=False)
        # A rule that was changed after the preview is shown again.
        shown = fingerprint(invalidation)
        if "confirm" in request.POST and request.POST.get("shown") == shown:
            start(invalidation)
            messages.success(request, _("Bulk invalidation started."))
            return redirect("petition_invalidations:detail", invalidation.pk)
        context = self.get_context_data(form=form, preview=preview(invalidation), shown=shown)
        return self.render_to_response(context)


def fingerprint(invalidation):
    """A text that is equal for equal rules."""
    return repr(sorted((name, str(value)) for name, value in invalidation.rule.items()))


class DetailView(PetitionView):
    """A rule with its result, its progress, and the buttons to stop and undo it."""

    action = "change"
    page_title = gettext_lazy("Bulk invalidation")
    header_icon = "cross"
    template_name = "wagtail_petition/admin/invalidation.html"

    ACTIONS = {
        "stop": (stop, gettext_lazy("Bulk invalidation stopped.")),
        "resume": (resume, gettext_lazy("Bulk invalidation resumed.")),
        "undo": (undo, gettext_lazy("Restoring has started.")),
    }

    def setup(self, request, *args, **kwargs):
        self.invalidation = get_object_or_404(Invalidation, pk=kwargs["pk"])
        super().setup(request, *args, **{**kwargs, "pk": self.invalidation.petition_id})

    def post(self, request, *args, **kwargs):
        action, message = self.ACTIONS.get(request.POST.get("action"), (None, ""))
        if action is None:
            raise Http404
        if action(self.invalidation):
            messages.success(request, message)
        else:
            self.invalidation.refresh_from_db()
            messages.warning(
                request,
                _("You can’t do this: the bulk invalidation is “%(status)s”.")
                % {"status": self.invalidation.get_state_display()},
            )
        return redirect("petition_invalidations:detail", self.invalidation.pk)

    def get_context_data(self, **kwargs):
        invalidation = self.invalidation
        count = still_invalidated(invalidation)[: counting.MOST + 1].count()
        return {
            **super().get_context_data(**kwargs),
            "invalidation": invalidation,
            "rule": described(invalidation),
            "still_invalidated": count,
            # While the rule is running, the number of signatures to restore still grows.
            "can_count": not invalidation.is_at_work and count <= counting.MOST,
            "can_resume": invalidation.state == invalidation.State.STOPPED
            and invalidation.position < invalidation.until,
            "can_undo": (count or invalidation.is_at_work)
            and invalidation.state
            not in (invalidation.State.REVERSING, invalidation.State.REVERSED),
            "invalidated_url": signatures_url(
                self.petition, status=Signature.Status.INVALIDATED.value
            ),
        }


def described(invalidation):
    """The rule as (label, value) pairs."""
    labels = {f.name: f.verbose_name for f in Invalidation._meta.get_fields() if f.concrete}
    rule = invalidation.rule
    if "country" in rule:
        rule["country"] = countries.name(rule["country"])
    erased = [(labels[name], _("Erased")) for name in invalidation.erased_fields]
    return [*((labels[name], value) for name, value in rule.items()), *erased]


class ChooseView(ChoosePetitionView):
    """Chooses the petition of a new rule."""

    action = "change"
    page_title = gettext_lazy("Add bulk invalidation")
    header_icon = "cross"
    viewset = "petition_invalidations"
    index_label = gettext_lazy("Bulk invalidations")


class IndexView(HelpMixin, NewestFirstMixin, generic.IndexView):
    """The rules of all of the user's petitions, newest first."""

    model = Invalidation
    page_title = gettext_lazy("Bulk invalidations")
    header_icon = "cross"
    index_url_name = "petition_invalidations:index"
    index_results_url_name = "petition_invalidations:index_results"
    results_template_name = "wagtail_petition/admin/invalidations_results.html"
    add_item_label = gettext_lazy("Add bulk invalidation")
    add_action = "change"
    choose_url_name = "petition_invalidations:choose"
    permission_policy = policies[Signature]
    any_permission_required = ["change"]
    columns = [
        PetitionsTitleColumn(
            "reason",
            label=gettext_lazy("Reason"),
            get_url=lambda each: reverse("petition_invalidations:detail", args=[each.pk]),
        ),
        Column("get_state_display", label=gettext_lazy("Status")),
        FigureColumn("count", label=gettext_lazy("Invalidated")),
        MomentColumn("created_at", label=gettext_lazy("Created")),
    ]

    def get_base_queryset(self):
        return limit(Invalidation.objects.select_related("petition"), self.request.user)
