"""The countries to choose from: those of django-countries, and Kosovo, which ISO 3166 lacks."""

from typing import TYPE_CHECKING, Any

from django.db.models import CharField
from django.utils.translation import gettext_lazy as _
from django_countries import Countries
from django_countries import fields as django_countries_fields
from django_countries.fields import Country

# A user-assigned code of ISO 3166. The European Union and the Unicode CLDR use it for Kosovo.
KOSOVO = "XK"


class PetitionCountries(Countries):
    """The countries from the settings of django-countries, with Kosovo unless they decide on it.

    ``COUNTRIES_OVERRIDE = {"XK": None}`` removes it, and ``COUNTRIES_ONLY`` is a complete list.
    The countries of other apps on the site don't change.
    """

    def get_option(self, option: str) -> Any:
        value = super().get_option(option)
        if option == "override" and not super().get_option("only"):
            return {KOSOVO: _("Kosovo"), **value}
        return value


countries = PetitionCountries()


if TYPE_CHECKING:
    # An instance has a ``Country``, but the types of django-countries promise a str.
    BaseCountryField = CharField[str | Country, Country]
else:
    BaseCountryField = django_countries_fields.CountryField


class CountryField(BaseCountryField):
    """The code of one of these countries. In migrations it is the field of django-countries."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.countries = countries

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("countries", None)
        return name, "django_countries.fields.CountryField", args, kwargs
