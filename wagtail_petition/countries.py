"""The countries people choose from: django-countries' own, and Kosovo, which ISO 3166 leaves out."""

from typing import TYPE_CHECKING, Any

from django.db.models import CharField
from django.utils.translation import gettext_lazy as _
from django_countries import Countries
from django_countries import fields as django_countries_fields
from django_countries.fields import Country

# A code that ISO 3166 leaves to its users. The European Union and the Unicode CLDR use it so.
KOSOVO = "XK"


class PetitionCountries(Countries):
    """What django-countries' settings say, with Kosovo where they say nothing about it.

    ``COUNTRIES_OVERRIDE = {"XK": None}`` leaves it out, and ``COUNTRIES_ONLY`` names all there are.
    Only the countries of this package: other apps of the site keep theirs.
    """

    def get_option(self, option: str) -> Any:
        value = super().get_option(option)
        if option == "override" and not super().get_option("only"):
            return {KOSOVO: _("Kosovo"), **value}
        return value


countries = PetitionCountries()


if TYPE_CHECKING:
    # An instance has a ``Country`` where django-countries' types promise the code alone.
    BaseCountryField = CharField[str | Country, Country]
else:
    BaseCountryField = django_countries_fields.CountryField


class CountryField(BaseCountryField):
    """The code of one of these countries. To migrations it is django-countries' own field."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.countries = countries

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("countries", None)
        return name, "django_countries.fields.CountryField", args, kwargs
