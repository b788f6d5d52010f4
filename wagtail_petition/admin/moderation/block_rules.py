"""Block rules: who may not sign, or always may. A rule is tried out before it is saved."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from wagtail_petition.access.permissions import has_permission, limit
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.models import BlockRule, Signature
from wagtail_petition.moderation.matching import (
    block_condition,
    clean_value,
    kept_value,
    network_marks,
)
from wagtail_petition.moderation.sampling import newest

# How many of the newest signatures a rule is tried out on.
TRIED = 10_000


class BlockRuleForm(forms.ModelForm):
    """A rule with its value in the form in which signing compares it: of an address, its hash.

    ``asked`` is the value before it was hashed; None if it is the one that was there.

    ``tried`` says which rule the person has seen the effect of: one that is new or was changed
    is tried out first, and saved when it is sent again.
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
        """A valid form's rule as one text."""
        return f"{self.cleaned_data['kind']} {self.cleaned_data['value']}"

    @property
    def is_tried(self):
        """Whether the person has seen what this rule matches."""
        unchanged = self.instance.pk and not {"kind", "value"} & set(self.changed_data)
        return unchanged or self.cleaned_data["tried"] == self.rule


def try_out(user, kind, value):
    """(how many of the newest signatures match, of how many); None for a network too large.

    Of the signatures that ``user`` may see: the numbers tell whether an address has signed.
    """
    if kind == BlockRule.Kind.NETWORK and network_marks(value) is None:
        return None
    looked_at, number = newest(limit(Signature.objects.all(), user), TRIED)
    return looked_at.filter(block_condition(kind, value)).count(), number


class TryFirstMixin:
    """Shows a valid rule's effect, and saves it when it is sent a second time.

    Who may not view signatures is not shown the effect: their rule is saved at once.
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
    """The rules that signing asks. They hold for all petitions, so the model permission decides."""

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
    list_display = ["shown", "kind", "effect", "note", "created_at"]
    list_filter = ["kind", "effect"]
    search_fields = ["value", "hint", "note"]
    create_template_name = edit_template_name = TryFirstMixin.template_name

    def get_form_class(self, for_update=False):
        return BlockRuleForm
