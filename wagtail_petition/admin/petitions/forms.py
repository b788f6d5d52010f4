"""The forms about one petition."""

import swapper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput, AdminPageChooser

from wagtail_petition.access.dates import VALIDATORS
from wagtail_petition.clock import local_date
from wagtail_petition.formats import number
from wagtail_petition.models import PaperCount
from wagtail_petition.pages.lookup import petition_page_models


class PaperCountForm(forms.ModelForm):
    """The form of an entry. The ledger saves it, not the form."""

    class Meta:
        model = PaperCount
        fields = ["number", "day", "place", "note"]
        widgets = {"day": AdminDateInput}

    def __init__(self, *args, total, **kwargs):
        super().__init__(*args, **kwargs)
        self.total = total
        self.fields["day"].validators += VALIDATORS

    def clean_number(self):
        value = self.cleaned_data["number"]
        if not value:
            raise ValidationError(_("Enter how many signatures to add."))
        if self.total + value < 0:
            raise ValidationError(
                _("There are only %(total)s paper signatures.") % {"total": number(self.total)}
            )
        return value

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > local_date():
            raise ValidationError(_("The date can’t be in the future."))
        return day


class ReopenForm(forms.Form):
    """Chooses the page type and the parent page."""

    page_type = forms.ChoiceField(label=gettext_lazy("Page type"))
    parent = forms.ModelChoiceField(
        label=gettext_lazy("Parent page"), queryset=None, widget=AdminPageChooser
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.models = {model._meta.label_lower: model for model in petition_page_models()}
        self.fields["page_type"].choices = [
            (label, model.get_verbose_name()) for label, model in self.models.items()
        ]
        page_model = swapper.load_model("wagtailcore", "Page")
        self.fields["parent"].queryset = page_model.objects.filter(depth__gt=1)

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if not self.errors:
            model = self.models[cleaned["page_type"]]
            if not model.can_create_at(cleaned["parent"].specific):
                raise ValidationError(_("This page type can’t be added there."))
        return cleaned
