"""The forms of block rules and of bulk invalidations."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.widgets import AdminDateTimeInput

from wagtail_petition.models import BlockRule, Invalidation
from wagtail_petition.moderation.matching import (
    MARK,
    clean_address,
    clean_domain,
    clean_network,
    clean_value,
    kept_value,
    network_marks,
)


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


class InvalidationForm(forms.ModelForm):
    """An invalidation rule with at least one field. Values are cleaned for comparison."""

    class Meta:
        model = Invalidation
        fields = [*Invalidation.RULE_FIELDS, "reason"]
        widgets = {"signed_from": AdminDateTimeInput, "signed_until": AdminDateTimeInput}

    def clean_name_pattern(self):
        return self._pattern("name_pattern")

    def clean_address(self):
        value = self._pattern("address").strip()
        if "*" in value:
            return value.casefold()
        return clean_address(value) if value else ""

    def clean_domain(self):
        value = self.cleaned_data["domain"]
        return clean_domain(value) if value else ""

    def clean_postcode(self):
        return self._pattern("postcode").upper()

    def _pattern(self, name):
        """The value of a pattern field. Refuses asterisks alone, which would match everybody."""
        value = self.cleaned_data[name]
        if value and not value.replace("*", "").strip():
            raise ValidationError(
                _("Enter more than an asterisk: this would match every signature.")
            )
        return value

    def clean_network(self):
        value = self.cleaned_data["network"].strip().lower()
        if not value or MARK.fullmatch(value):
            return value
        value = clean_network(value)
        if network_marks(value) is None:
            raise ValidationError(_("Network too large. Use /20 or smaller (/52 for IPv6)."))
        return value

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if not self.errors and not any(cleaned[name] for name in Invalidation.RULE_FIELDS):
            raise ValidationError(_("Enter at least one condition."))
        first, last = cleaned.get("signed_from"), cleaned.get("signed_until")
        if first and last and first > last:
            self.add_error("signed_until", _("End date must be after the start date."))
        return cleaned
