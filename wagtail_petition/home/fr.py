"""France: the eleven constituencies of the French abroad."""

from django.utils.translation import gettext_lazy as _

from .scheme import HomeScheme

# Code électoral, table 1 ter. "ZZ" is the department of the French abroad in the election results
# of the Ministry of the Interior; ISO 3166-2:FR has no such codes. The table lists independent
# states; territories are added where their consulate is that of one of its countries.
COUNTRIES = {
    1: "CA US PR VI",
    2: "AG AR BB BO BR BS BZ CL CO CR CU DM DO EC GD GT GY HN HT JM KN LC MX NI PA PE PY SR SV TT "
    "UY VC VE",
    3: "AX DK EE FI FO GB GG GL IE IM IS JE LT LV NO SE SJ",
    4: "BE LU NL",
    5: "AD ES MC PT",
    6: "CH LI",
    7: "AL AT BA BG CZ DE HR HU ME MK PL RO RS SI SK XK",
    8: "CY GR IL IT MT PS SM TR VA",
    9: "BF CI CV DZ GM GN GW LR LY MA ML MR NE SL SN TN",
    10: "AE AO BH BI BJ BW CD CF CG CM DJ EG ER ET GA GH GQ IQ JO KE KM KW LB LS MG MU MW MZ NA NG "
    "OM QA RW SA SC SD SO SS ST SY SZ TD TG TZ UG YE ZA ZM ZW",
    11: "AF AM AU AZ BD BN BY CN FJ FM GE HK ID IN IR JP KG KH KI KR KZ LA LK MD MH MM MN MO MV MY "
    "NP NR NZ PG PH PK PW RU SB SG TH TJ TL TM TO TV TW UA UZ VN VU WS",
}
NUMBERS = {country: number for number, found in COUNTRIES.items() for country in found.split()}


class France(HomeScheme):
    """The French abroad vote for the constituency of the country where they live."""

    help_text = _(
        "French citizens abroad vote for the constituency of the country where they live. We work "
        "it out from your country."
    )
    region_label = _("Constituency")
    place_label = _("Your last city in France")
    is_computed = True

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(f"FR-ZZ{number:02}" for number in COUNTRIES)

    def name_region(self, code: str, language: str) -> str:
        return _("French abroad, constituency %(number)s") % {
            "number": code.removeprefix("FR-ZZ").lstrip("0")
        }

    def compute_region(self, residence: str) -> str:
        """None in France, and in countries that belong to no constituency."""
        return f"FR-ZZ{NUMBERS[residence]:02}" if residence in NUMBERS else ""
