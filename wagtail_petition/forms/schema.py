"""Describe the form as data, for front ends that show it themselves."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.choices import flatten_choices
from django.utils.translation import get_language

from wagtail_petition.countries import countries

from .fields import EmailField, WholeNumberField
from .home import DONT_KNOW, UNKNOWN, AskedCountryField, DistrictField, RegionField
from .regions import ANY, ResidenceField
from .sign import SignForm

# The types of fields. The first match applies; others are "text".
TYPES: list[tuple[type[forms.Field], str]] = [
    (forms.MultipleChoiceField, "choices"),
    (forms.ChoiceField, "choice"),
    (forms.BooleanField, "checkbox"),
    (EmailField, "email"),
    (WholeNumberField, "number"),
    (forms.DateField, "date"),
]


def describe_form(form: SignForm) -> list[dict[str, Any]]:
    """The fields of a form in order, in the active language, without their values.

    Each is ``{"name", "type", "label", "help_text", "required", "group"}``, where they apply with
    ``max_length``, ``choices`` (``[{"value", "label"}]``), ``choices_url`` and ``depends_on``. The
    types are text, textarea, email, number, date, checkbox, choice, choices and hidden. The fields of
    a ``group`` belong together: "home" asks where people vote.
    """
    return [_describe(form, name, field) for name, field in form.fields.items()]


def _describe(form: SignForm, name: str, field: forms.Field) -> dict[str, Any]:
    group = "home" if name in form.home_names else ""
    return {
        "name": name,
        "type": _get_type(field),
        "label": str(field.label or ""),
        "help_text": str(field.help_text),
        "required": field.required,
        "group": group,
        **_get_constraints(field),
    }


def _get_type(field: forms.Field) -> str:
    if field.widget.is_hidden:
        return "hidden"
    if isinstance(field.widget, forms.Textarea):
        return "textarea"
    return next((kind for each, kind in TYPES if isinstance(field, each)), "text")


def _get_constraints(field: forms.Field) -> dict[str, Any]:
    found: dict[str, Any] = {}
    most = getattr(field, "stored_length", None) or getattr(field, "max_length", None)
    if most:
        found["max_length"] = most
    if isinstance(field, ResidenceField):
        # A text, or one of these codes.
        url = reverse("wagtail_petition:regions", args=[ANY, get_language() or "en"])
        found |= {
            "choices_url": url.replace(f"/{ANY}/", "/{country}/"),
            "depends_on": "country",
        }
    choices = _get_choices(field)
    if choices is not None:
        found["choices"] = choices
    if isinstance(field, DistrictField):
        # The part of a value before the space is the region's.
        found["depends_on"] = "home_region"
    return found


def _get_choices(field: forms.Field) -> list[dict[str, str]] | None:
    pairs: list[tuple[Any, Any]]
    if isinstance(field, AskedCountryField):
        pairs = [(field.country, countries.name(field.country))]
    elif isinstance(field, (RegionField, DistrictField)):
        scheme = field.scheme
        pairs = list(scheme.get_names().items())
        if isinstance(field, DistrictField):
            pairs = [
                (f"{region} {district}", scheme.get_district_name(region, district))
                for region, _name in pairs
                for district in scheme.get_districts(region)
            ]
        if field.required:
            pairs.insert(0, (UNKNOWN, str(DONT_KNOW)))
    elif isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        pairs = [pair for pair in flatten_choices(choices) if pair[0] not in ("", None)]
    else:
        return None
    return [{"value": str(value), "label": str(label)} for value, label in pairs]
