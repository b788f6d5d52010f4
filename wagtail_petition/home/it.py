"""Italy: the four divisions of the constituency abroad (circoscrizione Estero)."""

from django.utils.translation import gettext_lazy as _

from .scheme import HomeScheme

# Law 459/2001, article 6. The letters are those of the article; ISO 3166-2:IT has no such codes.
EUROPE, SOUTH_AMERICA, NORTH_AMERICA, ELSEWHERE = "IT-A", "IT-B", "IT-C", "IT-D"
NAMES = {
    EUROPE: _("Europe"),
    SOUTH_AMERICA: _("South America"),
    NORTH_AMERICA: _("North and Central America"),
    ELSEWHERE: _("Africa, Asia, Oceania and Antarctica"),
}
# Russia and Turkey as a whole, and Cyprus, count as Europe.
IN_EUROPE = frozenset(
    "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS JE LI LT LU "
    "LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM TR UA VA XK".split()
)
IN_SOUTH_AMERICA = frozenset("AR BO BR CL CO EC FK GF GS GY PE PY SR UY VE".split())
IN_NORTH_AMERICA = frozenset(
    "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA "
    "PM PR SV SX TC TT US VC VG VI".split()
)


class Italy(HomeScheme):
    """Italians abroad vote for the division of the country where they live."""

    help_text = _(
        "Italian citizens abroad vote for the constituency of the country where they live. We work "
        "it out from your country."
    )
    region_label = _("Constituency")
    place_label = _("Your municipality in Italy")
    is_computed = True

    @property
    def regions(self) -> tuple[str, ...]:
        return tuple(NAMES)

    def name_region(self, code: str, language: str) -> str:
        return str(NAMES[code])

    def compute_region(self, residence: str) -> str:
        """None for people who live in Italy: they vote in the constituency of their home."""
        if residence in ("", "IT"):
            return ""
        if residence in IN_EUROPE:
            return EUROPE
        if residence in IN_SOUTH_AMERICA:
            return SOUTH_AMERICA
        return NORTH_AMERICA if residence in IN_NORTH_AMERICA else ELSEWHERE
