"""The views of block rules. They show what a rule matches before it is saved."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from wagtail_petition.access.permissions import has_permission, limit
from wagtail_petition.admin.columns import MomentColumn
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.models import BlockRule, Signature
from wagtail_petition.moderation.matching import (
    block_condition,
    clean_value,
    kept_value,
    network_marks,
)
from wagtail_petition.moderation.sampling import newest

# How many of the newest signatures a rule is tried on.
TRIED = 10_000


class BlockRuleForm(forms.ModelForm):
    """A block rule. Its value is cleaned for comparison; an address is hashed.

    ``asked`` is the clean value before hashing, or None if it is unchanged. ``tried`` holds the
    rule whose effect the user has seen: a new or changed rule is saved when it is sent again.
    """

    tried = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = BlockRule
        fields = ["kind", "value", "effect", "note"]

    asked = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["value"] = self.instance.shown

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if self.instance.pk and not {"kind", "value"} & set(self.changed_data):
            cleaned["value"] = self.instance.value
        elif {"kind", "value"} <= cleaned.keys():
            try:
                self.asked = clean_value(cleaned["kind"], cleaned["value"])
            except ValidationError as error:
                self.add_error("value", error)
            else:
                kept = kept_value(cleaned["kind"], self.asked)
                cleaned["value"], self.instance.hint = kept
        return cleaned

    @property
    def rule(self):
        """The rule of a valid form as text."""
        return f"{self.cleaned_data['kind']} {self.cleaned_data['value']}"

    @property
    def is_tried(self):
        """Whether the user has seen what this rule matches."""
        unchanged = self.instance.pk and not {"kind", "value"} & set(self.changed_data)
        return unchanged or self.cleaned_data["tried"] == self.rule


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


class BlockRuleViewSet(ModelViewSet):
    """The block rules. They apply to all petitions, so the model permission is enough."""

    model = BlockRule
    name = "petition_block_rules"
    menu_label = _("Block rules")
    icon = "no-view"
    menu_order = 500
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = BlockRuleIndexView
    add_view_class = BlockRuleCreateView
    edit_view_class = BlockRuleEditView
    list_display = [
        "shown",
        "kind",
        "effect",
        "note",
        MomentColumn("created_at", label=_("Created"), sort_key="created_at"),
    ]
    list_filter = ["kind", "effect"]
    search_fields = ["value", "hint", "note"]
    create_template_name = edit_template_name = TryFirstMixin.template_name

    def get_form_class(self, for_update=False):
        return BlockRuleForm
