"""The forms of representatives: one by hand, or many from a table."""

import io

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition import representatives
from wagtail_petition.home.registry import get_scheme
from wagtail_petition.imports import representatives as tables
from wagtail_petition.imports.home_ties import read_district
from wagtail_petition.imports.reading import Unreadable
from wagtail_petition.models import Representative

# How many wrong rows are shown.
SHOWN = 20
LONGEST = 1_000_000


class RepresentativeForm(forms.ModelForm):
    """A representative. The instance has a petition, and a country with a scheme."""

    class Meta:
        model = Representative
        fields = ["name", "office", "region", "district", "email", "address"]
        widgets = {"address": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.scheme = get_scheme(str(self.instance.country))
        if self.scheme is None:
            # A scheme that the site has removed.
            return
        everybody = _("All of %(country)s") % {"country": self.instance.country.name}
        if self.scheme.regions:
            self.fields["region"] = forms.ChoiceField(
                label=self.scheme.region_label,
                choices=[("", everybody), *self.scheme.get_names().items()],
                required=False,
            )
        else:
            del self.fields["region"]
        if self.scheme.has_districts:
            district = self.fields["district"]
            district.label = self.scheme.district_label
            if self.scheme.regions:
                district.help_text = _("Leave blank if they represent all of it.")
        else:
            del self.fields["district"]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        region, district = cleaned.get("region", ""), cleaned.get("district", "")
        if self.scheme and district and not self.errors:
            try:
                region, district = read_district(self.scheme, region, district)
            except ValidationError as error:
                self.add_error("district", error)
                return cleaned
            cleaned.update(region=region, district=district)
        # The database's constraint includes fields that this form leaves out.
        there = representatives.for_region(
            self.instance.petition, str(self.instance.country), region, district
        )
        entered = Representative(
            country=self.instance.country,
            region=region,
            district=district,
            name=cleaned.get("name", ""),
        )
        identity = representatives.get_identity(entered)
        for person in there.exclude(pk=self.instance.pk):
            if representatives.get_identity(person) == identity:
                listed = _("This person is already listed there as “%(name)s”.")
                self.add_error("name", listed % {"name": person.name})
                break
        return cleaned

    def save(self, commit=True):
        # A district such as "NY-12" implies the region, if none was chosen.
        for name in ("region", "district"):
            if name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])
        return super().save(commit)


class TableForm(forms.Form):
    """A table of representatives: a file, or pasted text. ``people`` holds those read."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy(
            "CSV, Excel (XLSX), OpenDocument (ODS) or JSON. The files legislators-current of the "
            "unitedstates project are read as they are."
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste a table"),
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "From a spreadsheet, with a row of headings: name, office, state or region, district, "
            "email, postal address."
        ),
    )
    replaces = forms.BooleanField(
        label=gettext_lazy("Delete those who aren’t in this table"),
        required=False,
        help_text=gettext_lazy("After an election, for example."),
    )

    def __init__(self, *args, petition, **kwargs):
        super().__init__(*args, **kwargs)
        self.petition = petition
        self.people = []

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if self.errors:
            return cleaned
        file, text = cleaned.get("file"), cleaned.get("text", "")
        if bool(file) == bool(text.strip()):
            self.add_error("file", _("Choose a file, or paste a table."))
            return cleaned
        name = "file" if file else "text"
        try:
            reading = tables.read(file or io.BytesIO(text.encode()), self.petition)
        except Unreadable as error:
            self.add_error(name, str(error))
            return cleaned
        for number, message in reading.errors[:SHOWN]:
            self.add_error(
                name, _("Row %(number)d: %(message)s") % {"number": number, "message": message}
            )
        if len(reading.errors) > SHOWN:
            more = len(reading.errors) - SHOWN
            self.add_error(name, _("And %(count)d more rows.") % {"count": more})
        if not reading.errors and not reading.people:
            self.add_error(name, _("The table has no rows."))
        self.people = reading.people
        return cleaned
