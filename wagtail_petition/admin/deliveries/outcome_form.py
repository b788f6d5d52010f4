"""The form to record what came of a delivery."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from wagtail_petition.clock import local_date
from wagtail_petition.formats import language_name
from wagtail_petition.models import Delivery, DeliveryOutcome

from .handover_forms import clean_upload

# In characters. More than that is an update.
LENGTH = 1000


class OutcomeForm(forms.Form):
    """What the recipient did, when, and a text in each of the petition's languages."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        choices=DeliveryOutcome.Kind.choices,
        widget=forms.RadioSelect,
    )
    day = forms.DateField(
        label=gettext_lazy("Date"),
        widget=AdminDateInput,
        help_text=gettext_lazy("When it happened. For “No answer yet”, the day this was true."),
    )
    document = forms.FileField(
        label=gettext_lazy("Document"),
        required=False,
        help_text=gettext_lazy(
            "The recipient’s letter, for example. If the outcome is shown on the petition’s page, "
            "anybody who may see that page can download it."
        ),
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Show on the petition’s page"),
        required=False,
        help_text=gettext_lazy("As the status of the petition, and in its timeline."),
    )

    def __init__(
        self, *args: Any, delivery: Delivery, languages: Iterable[str], **kwargs: Any
    ) -> None:
        """``languages`` are codes of the petition's languages, its source's first."""
        super().__init__(*args, **kwargs)
        self.delivery = delivery
        self.languages = {f"text-{code}": code for code in languages}
        self.fields["day"].initial = local_date
        for name, code in self.languages.items():
            self.fields[name] = forms.CharField(
                label=_("Text (%(language)s)") % {"language": language_name(code)},
                required=False,
                max_length=LENGTH,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code, "dir": "auto"}),
            )
        if len(self.languages) > 1:
            first, *_others = self.languages
            self.fields[first].help_text = _(
                "Where a language is left blank, its page shows this one. Don’t name any signers."
            )
        self.order_fields(["kind", "day", *self.languages, "document", "is_public"])

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > local_date():
            raise ValidationError(_("The date can’t be in the future."))
        if self.delivery.delivered_on and day < self.delivery.delivered_on:
            raise ValidationError(_("The date can’t be before the delivery was handed over."))
        return day

    def clean_document(self):
        return clean_upload(self.cleaned_data["document"])

    def outcome(self) -> dict[str, Any]:
        """The values of the outcome, for ``delivery.outcomes.add``."""
        values = dict(self.cleaned_data)
        texts = {code: values.pop(name) for name, code in self.languages.items()}
        return {**values, "texts": texts}
