"""The fields that ask where people vote."""

import functools
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from wagtail_petition.countries import countries
from wagtail_petition.home.answers import (
    PARTS,
    complete_home,
    get_asked_parts,
    get_home_scheme,
)
from wagtail_petition.home.scheme import HomeScheme
from wagtail_petition.home.ties import TIE_CHOICES, HomeTie

from .fields import NameField
from .selects import CachedSelect

# The value of “I don’t know”. Only required fields offer it: others can stay empty.
UNKNOWN = "?"
DONT_KNOW = _("I don’t know")
# The field with the country that the form asks about.
COUNTRY = "home_country"


@functools.cache
def _region_options(scheme: HomeScheme, language: str) -> SafeString:
    with override(language):
        names = scheme.get_names().items()
        return format_html_join("\n", '<option value="{}">{}</option>', names)


@functools.cache
def _district_options(scheme: HomeScheme, language: str) -> SafeString:
    """The districts, grouped by region. The script shows those of the chosen region only."""
    with override(language):
        return format_html_join(
            "\n",
            '<optgroup label="{}" data-petition-region="{}">{}</optgroup>',
            (
                (
                    name,
                    region,
                    format_html_join(
                        "",
                        '<option value="{} {}">{}</option>',
                        (
                            (region, district, scheme.get_district_name(region, district))
                            for district in scheme.get_districts(region)
                        ),
                    ),
                )
                for region, name in scheme.get_names().items()
            ),
        )


class HomeSelect(CachedSelect):
    """A select of a scheme's regions or districts, with “I don’t know” if it is required."""

    def __init__(self, scheme: HomeScheme, make_options, prompt, attrs=None) -> None:
        super().__init__(attrs)
        self.scheme, self.make_options, self.prompt = scheme, make_options, prompt

    def get_options(self) -> SafeString:
        options = self.make_options(self.scheme, get_language())
        if not self.is_required:
            return options
        return format_html('<option value="{}">{}</option>\n{}', UNKNOWN, DONT_KNOW, options)


class RegionField(forms.ChoiceField):
    """The code of a region, or "" if it is unknown."""

    def __init__(self, scheme: HomeScheme, **kwargs: Any) -> None:
        self.scheme = scheme
        super().__init__(
            label=scheme.region_label,
            widget=HomeSelect(scheme, _region_options, scheme.region_prompt),
            error_messages={"required": _("Choose where you vote, or “I don’t know”.")},
            **kwargs,
        )

    def valid_value(self, value: str) -> bool:
        # The scheme validates it, with a better message.
        return True

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        return "" if value == UNKNOWN else self.scheme.clean_region(value)


class DistrictField(forms.ChoiceField):
    """A pair of a region and one of its districts, or two "" if it is unknown."""

    def __init__(self, scheme: HomeScheme, **kwargs: Any) -> None:
        self.scheme = scheme
        super().__init__(
            label=scheme.district_label,
            widget=HomeSelect(
                scheme,
                _district_options,
                _("Choose a district"),
                attrs={"data-petition-districts": True},
            ),
            error_messages={"required": _("Choose your district, or “I don’t know”.")},
            **kwargs,
        )

    def valid_value(self, value: str) -> bool:
        region, _blank, district = value.partition(" ")
        return value == UNKNOWN or district in self.scheme.get_districts(region)

    def clean(self, value: Any) -> tuple[str, str]:
        value = super().clean(value)
        if value in ("", UNKNOWN):
            return "", ""
        region, _blank, district = value.partition(" ")
        return region, district


class AskedCountryInput(forms.HiddenInput):
    """The country that the form asks about, whichever was sent: a form shown again asks anew."""

    def __init__(self, country: str) -> None:
        # Browsers restore the value of an earlier page otherwise.
        super().__init__(attrs={"autocomplete": "off"})
        self.country = country

    def format_value(self, value: Any) -> str:
        return self.country


class AskedCountryField(forms.CharField):
    """The country that the form asked about, "" if it isn't said.

    A tab that has been open since the petition asked about another country sends that one.
    """

    def __init__(self, country: str) -> None:
        super().__init__(required=False, widget=AskedCountryInput(country))
        self.country = country


def get_home_fields(terms: Any) -> dict[str, forms.Field]:
    """The fields that a petition with these ``terms`` asks for, in order, after the country."""
    scheme = get_home_scheme(terms)
    asked = get_asked_parts(terms)
    if scheme is None or not asked:
        return {}
    make = {
        "home_tie": _tie_field,
        "home_region": RegionField,
        "home_district": _typed_district if scheme.districts_are_typed else DistrictField,
        "home_place": _place_field,
    }
    return {
        COUNTRY: AskedCountryField(scheme.country),
        **{name: make[name](scheme, required=asked[name]) for name in PARTS if name in asked},
    }


def _tie_field(scheme: HomeScheme, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Your tie to this country"),
        choices=TIE_CHOICES,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say what ties you to this country."),
            "invalid_choice": _("Choose one of the answers."),
        },
        **kwargs,
    )


def _typed_district(scheme: HomeScheme, **kwargs: Any) -> NameField:
    messages = {"required": _("Enter your constituency.")}
    return NameField(label=scheme.district_label, error_messages=messages, **kwargs)


def _place_field(scheme: HomeScheme, **kwargs: Any) -> NameField:
    messages = {"required": _("Enter your last place there.")}
    return NameField(label=scheme.place_label, error_messages=messages, **kwargs)


def drop_answers_on_other_country(form: forms.Form) -> bool:
    """Remove a bound form's choices if they answer for another country than the form asks about.

    Says whether it did. The last place, which was typed, stays.
    """
    asked = form.fields.get(COUNTRY)
    sent = str(form.data.get(form.add_prefix(COUNTRY)) or "")
    if not isinstance(asked, AskedCountryField) or sent in ("", asked.country):
        return False
    answered = [name for name in map(form.add_prefix, PARTS) if form.data.get(name)]
    if not answered:
        return False
    data: Any = form.data
    data = data.copy()
    for name in answered:
        if name != form.add_prefix("home_place"):
            del data[name]
    form.data = data
    return True


def ask_again(form: forms.Form) -> None:
    """Say at the first field that the petition asks about another country now."""
    asked: Any = form.fields[COUNTRY]
    first = next(name for name in PARTS if name in form.fields)
    form.errors.pop(first, None)
    message = _("This petition now asks where you vote in %(country)s. Please answer again.")
    form.add_error(first, message % {"country": countries.name(asked.country)})


def clean_home(form: forms.Form, scheme: HomeScheme) -> dict[str, str]:
    """The fields ``home_…`` of a signature from a bound form. Adds errors to the form.

    People who aren't citizens don't have to answer, and a district implies its region.
    """
    cleaned = form.cleaned_data
    tie = cleaned.get("home_tie", "")
    is_citizen = tie != HomeTie.NOT_A_CITIZEN
    if not is_citizen:
        for name in PARTS:
            _drop_required(form, name)
    chosen = cleaned.get("home_district") or ""
    if isinstance(chosen, tuple):
        district_region, district = chosen
        if district and is_citizen and not cleaned.get("home_region"):
            _drop_required(form, "home_region")
            cleaned["home_region"] = district_region
    else:
        district_region, district = "", chosen
    if any(name in form.errors for name in PARTS):
        return {}
    region = cleaned.get("home_region", "")
    if region and district_region != region and district:
        # No region has a district like this one.
        district = " ".join(chosen)
    try:
        return complete_home(
            scheme,
            residence=str(cleaned.get("country") or ""),
            tie=tie,
            region=region,
            district=district if "home_district" in form.fields else None,
            place=cleaned.get("home_place", ""),
        )
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
        return {}


def _drop_required(form: forms.Form, name: str) -> None:
    """Remove the error that a required field is empty."""
    errors = form.errors.get(name)
    if errors and all(error.code == "required" for error in errors.as_data()):
        del form.errors[name]
        form.cleaned_data[name] = ""
