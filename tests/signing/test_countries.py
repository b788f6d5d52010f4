"""The countries to choose from: all there are, in the order of each alphabet."""

import pytest
from django.utils import translation
from django_countries import countries as of_other_apps

from wagtail_petition.countries import countries
from wagtail_petition.forms import countries as choices
from wagtail_petition.models import Signature


@pytest.fixture(autouse=True)
def _fresh():
    """Countries are read once for each process."""

    def forget():
        del countries.countries
        for made in (choices._country_choices, choices._options, choices._codes):
            made.cache_clear()

    forget()
    yield
    forget()


def offered():
    return dict(choices.country_choices())


@pytest.mark.django_db
def test_kosovo_can_be_chosen(post, make_signature):
    assert offered()["XK"] == "Kosovo"
    assert post(country="XK").status_code == 303
    assert Signature.objects.get().country.name == "Kosovo"


def test_other_apps_of_the_site_keep_their_countries():
    assert "XK" not in dict(of_other_apps)


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("COUNTRIES_OVERRIDE", {"XK": None}, None),
        ("COUNTRIES_OVERRIDE", {"XK": "Republic of Kosovo"}, "Republic of Kosovo"),
        ("COUNTRIES_OVERRIDE", {"IT": "Bel Paese"}, "Kosovo"),
        ("COUNTRIES_ONLY", ["IT", "DE"], None),
        ("COUNTRIES_ONLY", ["IT", ("XK", "Kosovo")], "Kosovo"),
        ("COUNTRIES_FIRST", ["XK"], "Kosovo"),
    ],
)
def test_the_sites_own_settings_hold(settings, setting, value, expected):
    setattr(settings, setting, value)
    assert offered().get("XK") == expected
    if setting == "COUNTRIES_ONLY":
        assert set(offered()) == {"", "IT", *(["DE"] if expected is None else ["XK"])}


@pytest.mark.parametrize(
    ("language", "in_order"),
    [
        # Alef with a hamza above, below, and without, as Unicode orders them; then teh, feh.
        ("ar", ["DE", "IT", "AR", "BR", "DZ", "YE", "TR", "FR"]),
        ("it", ["AT", "EG", "IT", "CH", "UA"]),
        ("de", ["EG", "AL", "AT", "PL", "CZ"]),
    ],
)
def test_the_order_is_that_of_the_alphabet(language, in_order):
    with translation.override(language):
        codes = [code for code in offered() if code in in_order]
        names = [offered()[code] for code in codes]
    assert codes == in_order, names
