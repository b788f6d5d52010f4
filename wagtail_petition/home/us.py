"""The United States: states, and the districts of the House of Representatives."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .scheme import HomeScheme

# The seats of each state in the House after the census of 2020: 435 in all. Those with 0 have a
# delegate or a commissioner, who has no vote, and no senators. Codes of the Postal Service, which
# are those of ISO 3166-2:US.
SEATS = {
    **{"AL": 7, "AK": 1, "AZ": 9, "AR": 4, "CA": 52, "CO": 8, "CT": 5, "DE": 1, "FL": 28, "GA": 14},
    **{"HI": 2, "ID": 2, "IL": 17, "IN": 9, "IA": 4, "KS": 4, "KY": 6, "LA": 6, "ME": 2, "MD": 8},
    **{"MA": 9, "MI": 13, "MN": 8, "MS": 4, "MO": 8, "MT": 2, "NE": 3, "NV": 4, "NH": 2, "NJ": 12},
    **{"NM": 3, "NY": 26, "NC": 14, "ND": 1, "OH": 15, "OK": 5, "OR": 6, "PA": 17, "RI": 2},
    **{"SC": 7, "SD": 1, "TN": 9, "TX": 38, "UT": 4, "VT": 1, "VA": 11, "WA": 10, "WV": 2},
    **{"WI": 8, "WY": 1, "DC": 0, "AS": 0, "GU": 0, "MP": 0, "PR": 0, "VI": 0},
}
# The district of those with one seat, as in the data of Congress.
AT_LARGE = "00"
# Regions of military and diplomatic mail: the Americas, Europe and Africa, the Pacific.
MAIL_REGIONS = ("AA", "AE", "AP")


class UnitedStates(HomeScheme):
    """States, territories and the District of Columbia, with their congressional districts.

    A citizen abroad votes where they last lived before leaving (52 U.S.C. § 20310). A district is
    what the signer says. It is never guessed from a ZIP code: districts change, and ZIP codes cross
    their borders.
    """

    help_text = _(
        "Your state is the one where you last lived before you left the United States, even if "
        "you have no home or family there any more."
    )
    region_label = _("State")
    region_prompt = _("Choose a state")
    district_label = _("Congressional district")
    place_label = _("Last city and ZIP code in the United States")
    has_districts = True

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(f"US-{state}" for state in SEATS)

    def get_districts(self, region: str) -> tuple[str, ...]:
        """Two digits each: "01" to the number of seats, or "00" for a state with one seat."""
        state = region.removeprefix("US-")
        if state not in SEATS:
            return ()
        seats = SEATS[state]
        return tuple(f"{n:02}" for n in range(1, seats + 1)) if seats > 1 else (AT_LARGE,)

    def get_district_name(self, region: str, district: str) -> str:
        """As people write it: "NY-12"."""
        state = region.removeprefix("US-")
        if district == AT_LARGE:
            return _("%(state)s (at large)") % {"state": state}
        return f"{state}-{district.lstrip('0')}"

    def clean_region(self, region: str) -> str:
        """Refuses regions of military mail with an explanation."""
        if region.removeprefix("US-") in MAIL_REGIONS:
            raise ValidationError(
                _("%(code)s is for military and diplomatic mail. Choose the state where you vote."),
                code="mail_region",
                params={"code": region.removeprefix("US-")},
            )
        return super().clean_region(region)
