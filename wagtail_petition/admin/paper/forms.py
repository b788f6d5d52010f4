"""The form that starts typing in a sheet."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from wagtail_petition.access.dates import VALIDATORS
from wagtail_petition.clock import local_date
from wagtail_petition.countries import countries
from wagtail_petition.identity.names import clean_name
from wagtail_petition.identity.sheet_numbers import MOST, WrongNumber, read_number


class SheetForm(forms.Form):
    """What all lines of a sheet have in common. ``texts`` are the choices: {hash: label}."""

    number = forms.CharField(
        label=gettext_lazy("Number of the sheet"),
        max_length=MOST,
        help_text=gettext_lazy(
            "It’s below the QR code. For a photocopy, add /2, /3 and so on. Without a printed "
            "number, write one on the sheet and enter that."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "autofocus": True}),
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=100, required=False)
    day = forms.DateField(
        label=gettext_lazy("Date"),
        widget=AdminDateInput,
        validators=VALIDATORS,
        help_text=gettext_lazy("When the sheet was signed: the last day, if it was several."),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        required=False,
        help_text=gettext_lazy("Used for lines without a country."),
    )
    text = forms.ChoiceField(
        label=gettext_lazy("Text on the sheet"),
        widget=forms.Select(attrs={"class": "petition-select"}),
        help_text=gettext_lazy(
            "Only for sheets without a number like K7Q-D4M-2XB-H9P. A number of four groups "
            "already says which text people signed."
        ),
    )

    def __init__(self, *args, texts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "—"), *countries]
        self.fields["text"].choices = list(texts.items())
        if len(texts) < 2:
            del self.fields["text"]

    def clean_number(self):
        try:
            return read_number(self.cleaned_data["number"])
        except WrongNumber as error:
            raise ValidationError(
                _("A character is wrong. Compare the number with the sheet.")
            ) from error

    def clean_place(self):
        return clean_name(self.cleaned_data["place"], _("Place"))

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > local_date():
            raise ValidationError(_("The date can’t be in the future."))
        return day
