"""How a country sorts its voters, and what the form asks them."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import sort_key

from . import cldr

# A text, or a lazy translation.
if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise
else:
    Text = str | Promise


class HomeScheme:
    """The regions and districts in which the voters of a country vote.

    By default a plain list of the country's regions, without districts. A country's own scheme is
    a subclass. A site names its schemes in ``WAGTAIL_PETITION["HOME_SCHEMES"]``.

    Codes are stored with signatures, so a code must never get another meaning. Names aren't
    stored: a code that the scheme doesn't know any more is shown as it is.
    """

    # The texts of the form.
    legend: Text = _("Where do you vote?")
    help_text: Text = ""
    region_label: Text = _("Region")
    region_prompt: Text = _("Choose a region")
    district_label: Text = _("Constituency")
    place_label: Text = _("Last city and postcode")

    # Whether the region follows from the country of residence (``compute_region``), so that
    # nobody is asked.
    is_computed: bool = False
    # Whether voters have a district besides the region, and whether they type its name.
    has_districts: bool = False
    districts_are_typed: bool = False

    def __init__(self, country: str) -> None:
        self.country = country
        self._names: dict[str, dict[str, str]] = {}

    @property
    def regions(self) -> tuple[str, ...]:
        """The codes of the regions, at most 12 characters each: ISO 3166-2 where it has them."""
        return cldr.get_regions(self.country)

    def name_region(self, code: str, language: str) -> str:
        """The name of one of the ``regions`` in ``language``, which is active."""
        return cldr.get_name(code, language)

    def get_names(self) -> dict[str, str]:
        """The regions in the active language, in the order of the form: {code: name}. Cached."""
        language = get_language() or cldr.FALLBACK
        if language not in self._names:
            names = [(code, self.name_region(code, language)) for code in self.regions]
            # Computed regions are numbered.
            self._names[language] = dict(names if self.is_computed else sorted(names, key=sort_key))
        return self._names[language]

    @property
    def asks_region(self) -> bool:
        """Whether the form can ask for a region."""
        return bool(self.regions) and not self.is_computed

    def get_region_name(self, region: str) -> str:
        """The name of a region in the active language, or its code if it is unknown."""
        return self.get_names().get(region, region)

    def compute_region(self, residence: str) -> str:
        """The region of voters who live in the country ``residence`` (a code); "" if unknown."""
        return ""

    def get_districts(self, region: str) -> tuple[str, ...]:
        """The districts of a region, if they are a list: codes of at most 100 characters."""
        return ()

    def get_district_name(self, region: str, district: str) -> str:
        """The name of a district in the active language."""
        return district

    def clean_region(self, region: str) -> str:
        """The code ``region``, or "". Raises ``ValidationError`` if there is no such region."""
        if region and region not in self.regions:
            raise ValidationError(_("Choose a region from the list."), code="invalid_choice")
        return region

    def clean_district(self, region: str, district: str) -> str:
        """The code ``district``, or the only one of the region if it is "".

        Raises ``ValidationError`` if the region has no such district.
        """
        if self.districts_are_typed:
            return district
        districts = self.get_districts(region)
        if len(districts) == 1 and not district:
            return districts[0]
        if district and district not in districts:
            raise ValidationError(
                _("Choose a district of %(region)s."),
                code="invalid_choice",
                params={"region": self.get_region_name(region)},
            )
        return district
