"""The views of block rules. They show what a rule matches before it is saved."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic

from wagtail_petition.access.permissions import has_permission, limit
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.models import BlockRule, Signature
from wagtail_petition.moderation.matching import (
    block_condition,
    network_marks,
)
from wagtail_petition.moderation.sampling import newest

# How many of the newest signatures a rule is tried on.
TRIED = 10_000


def try_out(user, kind, value):
    """(number of matches, number checked) among the newest signatures.

    None for a network too large to search. Only signatures that ``user`` may view are checked,
    because the numbers reveal whether an address has signed.
    """
    if kind == BlockRule.Kind.NETWORK and network_marks(value) is None:
        return None
    looked_at, number = newest(limit(Signature.objects.all(), user), TRIED)
    return looked_at.filter(block_condition(kind, value)).count(), number


class TryFirstMixin:
    """Shows the effect of a valid rule, and saves it when it is sent a second time.

    For users who may not view signatures, the rule is saved at once.
    """

    template_name = "wagtail_petition/admin/block_rule_form.html"
    tried = None

    def get_initial(self):
        given = {
            name: self.request.GET[name] for name in ("kind", "value") if name in self.request.GET
        }
        return {**super().get_initial(), **given}

    @property
    def may_try(self):
        return has_permission(self.request.user, "view")

    def form_valid(self, form):
        if form.is_tried or not self.may_try:
            return super().form_valid(form)
        kind, value = form.cleaned_data["kind"], form.asked
        self.tried = {"rule": form.rule, "value": value}
        self.tried["result"] = try_out(self.request.user, kind, value)
        self.form = form
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if self.tried or not self.may_try:
            context["submit_button_label"] = _("Save")
        return {**context, "tried": self.tried, "may_try": self.may_try}


class BlockRuleIndexView(HelpMixin, generic.IndexView):
    pass


class BlockRuleCreateView(HelpMixin, TryFirstMixin, generic.CreateView):
    submit_button_label = _("Test rule")


class BlockRuleEditView(HelpMixin, TryFirstMixin, generic.EditView):
    pass
