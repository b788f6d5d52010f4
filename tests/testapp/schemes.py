"""Where the site's own country votes."""

from wagtail_petition.home.scheme import HomeScheme

CANTONS = {"CH-ZH": ("Zürich", "Zurigo"), "CH-TI": ("Tessin", "Ticino")}
DISTRICTS = {"CH-ZH": ("north", "south"), "CH-TI": ("all",)}


class Switzerland(HomeScheme):
    """Cantons with districts."""

    help_text = "Your canton is that of your last municipality in Switzerland."
    region_label = "Canton"
    region_prompt = "Choose a canton"
    has_districts = True

    @property
    def regions(self):
        return tuple(CANTONS)

    def name_region(self, code, language):
        german, italian = CANTONS[code]
        return italian if language == "it" else german

    def get_districts(self, region):
        return DISTRICTS.get(region, ())

    def get_district_name(self, region, district):
        return f"{self.get_region_name(region)} {district}"


class SwitzerlandAfterAReform(Switzerland):
    """One canton is gone, the other has another name and other districts."""

    @property
    def regions(self):
        return ("CH-TI",)

    def name_region(self, code, language):
        return "Svizzera italiana"

    def get_districts(self, region):
        return ("lakes", "valleys") if region in self.regions else ()
