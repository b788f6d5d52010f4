"""Step one of creating a delivery: the recipient, and which signatures."""

from itertools import chain

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition.countries import countries
from wagtail_petition.delivery.constituencies import find_districts, get_home_splits
from wagtail_petition.delivery.regions import get_spellings
from wagtail_petition.delivery.split import split_choices
from wagtail_petition.formats import language_name, listed
from wagtail_petition.home.registry import get_region_name

OTHER = "other"


class WhichForm(forms.Form):
    """Step one: the recipient, and which signatures."""

    recipient = forms.ChoiceField(label=gettext_lazy("Recipient"), widget=forms.RadioSelect)
    other_recipient = forms.CharField(
        label=gettext_lazy("Recipient name"), max_length=200, required=False
    )
    which = forms.ChoiceField(
        label=gettext_lazy("Which signatures"),
        choices=[
            (
                "new",
                gettext_lazy("Only new signatures (not yet delivered to this recipient)"),
            ),
            ("all", gettext_lazy("All signatures")),
        ],
        initial="new",
        widget=forms.RadioSelect,
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("Where they signed"),
        required=False,
        choices=[
            ("", gettext_lazy("Anywhere")),
            ("not_paper", gettext_lazy("Not on paper")),
            ("confirmed_here", gettext_lazy("Only on this site (confirmed by email here)")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Some signatures were imported from other platforms or from paper."),
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Countries"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("Leave blank to include all."),
    )
    regions = forms.CharField(
        label=gettext_lazy("States or regions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "One per line. Capitals, spaces and dots make no difference. Leave blank to include all."
        ),
    )
    home_regions = forms.MultipleChoiceField(
        label=gettext_lazy("States or regions where they vote"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("Leave blank to include all."),
    )
    home_districts = forms.CharField(
        label=gettext_lazy("Districts where they vote"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One per line, e.g. NY-12. Leave blank to include all."),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    public = forms.BooleanField(
        label=gettext_lazy("Only signers with a public name"), required=False
    )
    split_by = forms.ChoiceField(
        label=gettext_lazy("Split into separate deliveries"),
        required=False,
        help_text=gettext_lazy(
            "One per country, region or answer, so that each representative gets only their own "
            "constituents."
        ),
    )

    def __init__(self, petition, page, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.petition = petition
        self.districts = {}
        people = [*page.to, *page.cc]
        self.offices = {r.get("name"): r.get("office") or "" for r in people if r.get("name")}
        self.fields["recipient"].choices = [
            *(
                (name, f"{name}, {office}" if office else name)
                for name, office in self.offices.items()
            ),
            (OTHER, _("Other recipient")),
        ]
        self.fields["recipient"].initial = next(iter(self.offices), OTHER)
        tallies = petition.tallies.exclude(count=0).order_by()
        codes = tallies.exclude(country="").values_list("country", flat=True).distinct()
        self.fields["countries"].choices = sorted(
            ((code, countries.name(code) or code) for code in codes), key=lambda choice: choice[1]
        )
        self.fields["languages"].choices = [
            (code, language_name(code))
            for code in tallies.values_list("language", flat=True).distinct()
        ]
        homes = get_home_splits(petition)
        self.fields["split_by"].choices = [
            ("", _("No")),
            ("country", _("By country")),
            ("region", _("By region")),
            *homes.items(),
            *(
                (pk, _("By answer to “%(question)s”") % {"question": label})
                for pk, (label, _choices) in split_choices(petition).items()
            ),
        ]
        self._offer_homes(homes)
        # Without imports, all signatures were confirmed here.
        if not petition.imports.exists():
            del self.fields["origin"]

    def _offer_homes(self, homes):
        """Offer the regions where signers vote. ``homes`` are the ways to split by it."""
        found = self.petition.home_tallies.filter(count__gt=0).order_by()
        codes = found.values_list("home_region", flat=True).distinct()
        regions = sorted(((code, get_region_name(code)) for code in codes), key=lambda c: c[1])
        self.fields["home_regions"].choices = regions
        if not regions:
            del self.fields["home_regions"]
        if "home_district" not in homes:
            del self.fields["home_districts"]

    def clean_home_districts(self):
        """The districts as entered, checked for signatures."""
        text = self.cleaned_data["home_districts"]
        districts = _read_lines(text)
        self.districts = find_districts(self.petition, districts) if districts else {}
        if unknown := [each for each, found in self.districts.items() if not found]:
            raise forms.ValidationError(
                _("No confirmed signatures have this district: %(districts)s. Check the spelling.")
                % {"districts": listed(unknown)}
            )
        return text

    def clean_regions(self):
        """The regions as entered, checked for signatures."""
        text = self.cleaned_data["regions"]
        regions = _read_lines(text)
        self.spellings = get_spellings(self.petition, regions) if regions else {}
        unknown = [region for region, spellings in self.spellings.items() if not spellings]
        if unknown:
            raise forms.ValidationError(
                _("No confirmed signatures have this region: %(regions)s. Check the spelling.")
                % {"regions": listed(unknown)}
            )
        return text

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        is_other = cleaned.get("recipient") == OTHER
        if is_other and not cleaned.get("other_recipient"):
            self.add_error("other_recipient", _("Enter the name of the recipient."))
        if not is_other and cleaned.get("other_recipient"):
            error = _(
                "Choose “Other recipient” above to deliver to this name, or leave this field blank."
            )
            self.add_error("other_recipient", error)
        if cleaned.get("home_regions") and cleaned.get("home_districts"):
            error = _("Choose states or regions above, or enter districts here, not both.")
            self.add_error("home_districts", error)
        return cleaned

    def apply(self, delivery):
        """Set the choices on an unsaved delivery."""
        chosen = self.cleaned_data
        is_other = chosen["recipient"] == OTHER
        delivery.recipient = chosen["other_recipient"] if is_other else chosen["recipient"]
        delivery.office = "" if is_other else self.offices[chosen["recipient"]]
        delivery.only_new = chosen["which"] == "new"
        filters = {
            "countries": chosen["countries"],
            "regions": sorted(set(chain.from_iterable(self.spellings.values()))),
            "home_regions": chosen.get("home_regions"),
            "home_districts": self._get_districts(),
            "languages": chosen["languages"],
            "public": chosen["public"],
        }
        if origin := chosen.get("origin"):
            filters[origin] = True
        delivery.filters = {name: value for name, value in filters.items() if value}

    def _get_districts(self):
        """The entered districts without duplicates, as in a delivery's filters."""
        found = chain.from_iterable(self.districts.values())
        return [list(district) for district in sorted(set(found))]


def _read_lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]
