"""The form that says who gets an update, and when."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from wagtail_petition.countries import countries
from wagtail_petition.formats import language_name
from wagtail_petition.home.registry import get_region_name
from wagtail_petition.models import Origin, Petition, Update
from wagtail_petition.updates.audience import Audience, known_values

GOT, NOT = "got", "not"
# Days far outside of these have no moment that databases can compare.
DAYS = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class SendForm(forms.Form):
    """The audience and the time. By default all signers who opted in to updates, and now.

    Fields with only one choice are left out.
    """

    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Countries"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("Where they live. Leave blank to include all."),
    )
    home_regions = forms.MultipleChoiceField(
        label=gettext_lazy("Regions where they vote"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("Leave blank to include all."),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    origins = forms.MultipleChoiceField(
        label=pgettext_lazy("where a signature was given", "Origin"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    signed_from = forms.DateField(
        label=gettext_lazy("Signed from"),
        required=False,
        validators=DAYS,
        widget=AdminDateInput,
    )
    signed_to = forms.DateField(
        label=gettext_lazy("Signed to"),
        required=False,
        validators=DAYS,
        widget=AdminDateInput,
    )
    delivered = forms.ChoiceField(
        label=gettext_lazy("Delivery"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("true", gettext_lazy("Delivered")),
            ("false", gettext_lazy("Not delivered yet")),
        ],
        widget=forms.RadioSelect,
    )
    other_update = forms.ChoiceField(
        label=gettext_lazy("Earlier updates"), required=False, widget=forms.Select
    )
    send_at = forms.DateTimeField(
        label=gettext_lazy("Send at"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=gettext_lazy("Leave blank to send it now."),
    )

    def __init__(self, petition: Petition, update: Update, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = known_values(petition)
        labels = {
            "countries": lambda code: countries.name(code) or code,
            "home_regions": lambda code: get_region_name(code),
            "languages": language_name,
            "origins": lambda origin: Origin(origin).label,
        }
        values = ("country", "home_region", "language", "origin")
        for (name, label), column in zip(labels.items(), values, strict=True):
            choices = [(value, label(value)) for value in known[column]]
            self.fields[name].choices = sorted(choices, key=lambda choice: str(choice[1]))
            # A single region is a choice, since other signers may have none.
            if len(choices) < (1 if name == "home_regions" else 2):
                del self.fields[name]
        others = petition.updates.exclude(pk=update.pk).exclude(started_at=None)
        if others:
            self.fields["other_update"].choices = [
                ("", _("All")),
                *[(f"{GOT}-{each.number}", self._label(each, _("Got"))) for each in others],
                *[(f"{NOT}-{each.number}", self._label(each, _("Didn’t get"))) for each in others],
            ]
        else:
            del self.fields["other_update"]

    @staticmethod
    def _label(update: Update, got: str) -> str:
        return f"{got}: {update.number}. {update}"

    def clean_send_at(self):
        send_at = self.cleaned_data["send_at"]
        if send_at and send_at <= timezone.now():
            raise ValidationError(_("Choose a time in the future."))
        return send_at

    def clean(self):
        super().clean()
        first, last = self.cleaned_data.get("signed_from"), self.cleaned_data.get("signed_to")
        if first and last and first > last:
            self.add_error("signed_to", _("The end date must not be before the start date."))
        return self.cleaned_data

    @property
    def audience(self) -> Audience:
        """The audience that was chosen. The form is valid."""
        data = self.cleaned_data
        got, _dash, number = data.get("other_update", "").partition("-")
        first, last = data["signed_from"], data["signed_to"]
        return Audience(
            countries=data.get("countries", []),
            home_regions=data.get("home_regions", []),
            languages=data.get("languages", []),
            origins=data.get("origins", []),
            signed_from=first.isoformat() if first else "",
            signed_to=last.isoformat() if last else "",
            delivered={"true": True, "false": False}.get(data["delivered"]),
            update=int(number) if number else None,
            got=got != NOT,
        )
