"""The forms with which a recipient confirms or declines a delivery."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition.clock import local_date
from wagtail_petition.forms.fields import PlainCharField

LENGTH = 200


class AnswerForm(forms.Form):
    """Who answers, and the SHA-256 of the manifest that the page showed."""

    manifest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = PlainCharField(
        label=gettext_lazy("Your name"),
        max_length=LENGTH,
        error_messages={"required": gettext_lazy("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    office = PlainCharField(
        label=gettext_lazy("Your office"),
        max_length=LENGTH,
        error_messages={"required": gettext_lazy("Enter your office.")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


class ReceiptForm(AnswerForm):
    """Confirms that the delivery was received."""

    day = forms.DateField(
        label=gettext_lazy("Received on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages=dict.fromkeys(
            ("required", "invalid"), gettext_lazy("Enter the date on which you received it.")
        ),
    )
    note = PlainCharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, earliest: Any = None, **kwargs: Any) -> None:
        """``earliest`` is the day on which the delivery was created."""
        super().__init__(*args, **kwargs)
        self.earliest = earliest
        self.fields["day"].initial = local_date

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        # The visitor's day may have begun before the site's.
        if (day - local_date()).days > 1:
            raise ValidationError(_("The date can’t be in the future."))
        if self.earliest and day < self.earliest:
            raise ValidationError(_("The date can’t be before this delivery was made."))
        return min(day, local_date())


class DeclineForm(AnswerForm):
    """Declines the delivery, with a reason."""

    note = PlainCharField(
        label=gettext_lazy("Reason"),
        error_messages={"required": gettext_lazy("Enter a reason.")},
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CodeForm(forms.Form):
    """Asks for the code of a link."""

    code = PlainCharField(
        label=gettext_lazy("Code"),
        max_length=100,
        error_messages={"required": gettext_lazy("Enter the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
    )
