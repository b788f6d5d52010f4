"""The schemes: codes, names in all languages, districts, and computed constituencies."""

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils import translation

from wagtail_petition.countries import countries
from wagtail_petition.home import cldr, fr, it
from wagtail_petition.home.registry import get_district_name, get_region_name, get_scheme
from wagtail_petition.home.us import SEATS
from wagtail_petition.models import Signature

LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "pt")


# France and its territories; states that the code leaves out (North Korea, Bhutan, Western Sahara);
# territories whose consulate the code doesn't name.
NO_FRENCH_CONSTITUENCY = {
    *"BL FR GF GP MF MQ NC PF PM RE TF WF YT".split(),
    *"BT EH KP".split(),
    *"AI AQ AS AW BM BQ BV CC CK CW CX FK GI GS GU HM IO KY MP MS NF NU PN SH SX TC TK UM".split(),
    "VG",
}


class TestUnitedStates:
    scheme = get_scheme("US")

    def test_56_codes_and_435_seats(self):
        assert len(self.scheme.regions) == 56
        assert sum(SEATS.values()) == 435
        assert sum(seats > 0 for seats in SEATS.values()) == 50

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_all_have_names_of_their_own(self, language):
        with translation.override(language):
            names = self.scheme.get_names()
        assert set(names) == set(self.scheme.regions)
        assert all(names.values())
        assert len(set(names.values())) == 56

    @pytest.mark.parametrize(
        ("language", "name"),
        [
            ("en", "North Carolina"),
            ("it", "Carolina del Nord"),
            ("fr", "Caroline du Nord"),
            ("es", "Carolina del Norte"),
            ("pt", "Carolina do Norte"),
            ("pt-br", "Carolina do Norte"),
            ("de", "North Carolina"),
            ("ar", "كارولاينا الشمالية"),
        ],
    )
    def test_names_in_the_active_language(self, language, name):
        with translation.override(language):
            assert get_region_name("US-NC") == name

    def test_sorted_by_name(self):
        with translation.override("es"):
            names = list(self.scheme.get_names())
        assert names.index("US-NY") < names.index("US-NM") < names.index("US-OH")

    def test_districts(self):
        assert self.scheme.get_districts("US-NH") == ("01", "02")
        assert self.scheme.get_districts("US-CA")[-1] == "52"
        assert self.scheme.get_districts("US-XX") == ()
        assert get_district_name("US", "US-NY", "07") == "NY-7"

    @pytest.mark.parametrize("state", ["AK", "WY", "DC", "PR"])
    def test_at_large_needs_no_answer(self, state):
        region = f"US-{state}"
        assert self.scheme.clean_district(region, "") == "00"
        assert get_district_name("US", region, "00") == f"{state} (at large)"

    @pytest.mark.parametrize(
        ("region", "district"), [("US-NY", "27"), ("US-NY", "00"), ("US-AK", "01"), ("US-NY", "x")]
    )
    def test_no_such_district(self, region, district):
        with pytest.raises(ValidationError, match="Choose a district of"):
            self.scheme.clean_district(region, district)

    @pytest.mark.parametrize("code", ["AA", "AE", "AP"])
    def test_mail_regions_are_explained(self, code):
        with pytest.raises(ValidationError, match=f"{code} is for military"):
            self.scheme.clean_region(f"US-{code}")

    @pytest.mark.parametrize("code", ["US-FM", "US-UM", "NY", "IT-21", "us-ny"])
    def test_no_such_state(self, code):
        with pytest.raises(ValidationError, match="from the list"):
            self.scheme.clean_region(code)


class TestComputed:
    @pytest.mark.parametrize(
        ("residence", "region"),
        [
            *[("DE", "IT-A"), ("RU", "IT-A"), ("TR", "IT-A"), ("XK", "IT-A")],
            *[("AR", "IT-B"), ("US", "IT-C"), ("CU", "IT-C"), ("JP", "IT-D"), ("AQ", "IT-D")],
            *[("IT", ""), ("", "")],
        ],
    )
    def test_italy(self, residence, region):
        assert get_scheme("IT").compute_region(residence) == region

    @pytest.mark.parametrize(
        ("residence", "region"),
        [
            *[("US", "FR-ZZ01"), ("BR", "FR-ZZ02"), ("GB", "FR-ZZ03"), ("BE", "FR-ZZ04")],
            *[("ES", "FR-ZZ05"), ("CH", "FR-ZZ06"), ("DE", "FR-ZZ07"), ("IT", "FR-ZZ08")],
            *[("MA", "FR-ZZ09"), ("LB", "FR-ZZ10"), ("JP", "FR-ZZ11")],
            *[("FR", ""), ("RE", ""), ("KP", ""), ("BT", ""), ("EH", "")],
        ],
    )
    def test_france(self, residence, region):
        assert get_scheme("FR").compute_region(residence) == region

    @pytest.mark.parametrize("country", ["IT", "FR"])
    def test_every_region_is_known_and_named(self, country):
        scheme = get_scheme(country)
        assert not scheme.asks_region
        found = {scheme.compute_region(code) for code, _name in countries} - {""}
        assert found == set(scheme.regions) == set(scheme.get_names())
        assert len(set(scheme.get_names().values())) == len(scheme.regions)

    def test_every_country_but_italy_is_in_one_division(self):
        scheme = get_scheme("IT")
        assert [code for code, _name in countries if not scheme.compute_region(code)] == ["IT"]
        lists = (it.IN_EUROPE, it.IN_SOUTH_AMERICA, it.IN_NORTH_AMERICA)
        assert len(set().union(*lists)) == sum(map(len, lists))
        assert set().union(*lists) <= {code for code, _name in countries}

    def test_every_country_is_in_one_french_constituency_or_known_to_be_in_none(self):
        listed = [code for found in fr.COUNTRIES.values() for code in found.split()]
        assert len(listed) == len(set(listed))
        known = {code for code, _name in countries}
        assert set(listed) <= known
        assert known - set(listed) == NO_FRENCH_CONSTITUENCY

    def test_french_constituencies_are_in_order(self):
        assert list(get_scheme("FR").get_names())[-1] == "FR-ZZ11"


def test_the_united_kingdom_asks_for_a_name():
    scheme = get_scheme("GB")
    assert not scheme.asks_region
    assert scheme.clean_district("", "Bath") == "Bath"


class TestPlainList:
    def test_names(self):
        with translation.override("de"):
            assert get_scheme("DE").get_names()["DE-BY"] == "Bayern"
        with translation.override("it"):
            assert get_region_name("DE-BY") == "Baviera"

    def test_a_country_without_regions(self):
        scheme = get_scheme("VA")
        assert (scheme.regions, scheme.asks_region) == ((), False)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_two_regions_of_a_country_have_one_name(self, language):
        for country, _name in countries:
            names = [cldr.get_name(code, language) for code in cldr.get_regions(country)]
            assert all(names), country
            assert len(set(names)) == len(names), (country, names)

    def test_a_language_without_names_has_english_ones(self):
        assert cldr.get_name("IT-52", "sv") == "Tuscany"


class TestCodesThatAreGone:
    def test_are_shown_as_they_are(self):
        assert get_region_name("US-XY") == "US-XY"
        assert get_district_name("US", "US-NY", "29") == "NY-29"
        assert get_region_name("") == ""
        assert get_district_name("", "", "") == ""

    def test_without_a_scheme(self, settings):
        settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "HOME_SCHEMES": {"US": None}}
        assert get_scheme("US") is None
        assert get_region_name("US-NY") == "US-NY"
        assert get_district_name("US", "US-NY", "12") == "12"


class TestOwnSchemes:
    def test_replace_ours(self, settings):
        settings.WAGTAIL_PETITION = {
            **settings.WAGTAIL_PETITION,
            "HOME_SCHEMES": {"CH": "tests.testapp.schemes.Switzerland"},
        }
        assert get_scheme("CH").get_names() == {"CH-TI": "Tessin", "CH-ZH": "Zürich"}
        with translation.override("it"):
            assert get_region_name("CH-TI") == "Ticino"
        assert get_district_name("CH", "CH-ZH", "north") == "Zürich north"
        assert get_region_name("US-NY") == "New York"

    def test_must_be_schemes(self, settings):
        settings.WAGTAIL_PETITION = {
            **settings.WAGTAIL_PETITION,
            "HOME_SCHEMES": {"CH": "django.db.models.Model"},
        }
        with pytest.raises(ImproperlyConfigured, match="HOME_SCHEMES"):
            get_scheme("CH")


def test_codes_fit_into_the_column():
    longest = Signature._meta.get_field("home_region").max_length
    for country, _name in countries:
        assert all(len(code) <= longest for code in get_scheme(country).regions)
