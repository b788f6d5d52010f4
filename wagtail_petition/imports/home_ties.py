"""Read where people vote: codes, or names in any of our languages, exactly."""

import functools
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_petition.home.answers import (
    PARTS,
    HomeTerms,
    complete_home,
    get_asked_parts,
    get_home_scheme,
)
from wagtail_petition.home.cldr import LANGUAGES
from wagtail_petition.home.registry import get_scheme
from wagtail_petition.home.scheme import HomeScheme
from wagtail_petition.home.ties import TIE_LETTERS, HomeTie
from wagtail_petition.models.search import fold

from .values import read_country, read_label

# The columns that are read, and how a region's full code looks.
HOME = ("home_country", *PARTS)
CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,9}")
NUMBER = re.compile(r"0*(\d{1,3})(?:st|nd|rd|th)?")
# Common names besides those of the CLDR.
CALLED = {"washington dc": "US-DC", "washington d c": "US-DC", "dc": "US-DC"}


def get_choices(terms: HomeTerms) -> dict[str, list[str]]:
    """The texts that can be entered for each part that a petition asks for, in the active language.

    {part: texts}, in order, with an empty list for free text. ``read_home`` accepts all of them.
    """
    scheme = get_home_scheme(terms)
    if scheme is None:
        return {}
    districts = [
        str(scheme.get_district_name(region, district))
        for region in scheme.get_names()
        for district in scheme.get_districts(region)
    ]
    choices = {
        "home_tie": [str(label) for label in HomeTie.labels],
        "home_region": list(scheme.get_names().values()),
        "home_district": list(dict.fromkeys(districts)),
        "home_place": [],
    }
    return {part: choices[part] for part in get_asked_parts(terms)}


def get_short_codes(terms: HomeTerms) -> list[str]:
    """The codes of the regions without the country, such as NY."""
    scheme = get_home_scheme(terms)
    return [code.partition("-")[2] for code in scheme.regions] if scheme else []


def read_home(
    texts: dict[str, str], *, default_country: str, residence: str, has_districts: bool
) -> dict[str, str]:
    """The fields ``home_…`` of a signature from ``texts``, {name in ``HOME``: text}.

    The country is the row's, or else the petition's (``default_country``), or else the one in the
    region's code. ``residence`` is the country where the person lives, ``has_districts``
    whether the file has a column for districts. Raises ``ValidationError``.
    """
    if not any(texts[name] for name in PARTS):
        return {}
    country = read_country(texts["home_country"])
    if country == "":
        code = texts["home_region"].upper()
        country = default_country or (code[:2] if CODE.fullmatch(code) else "")
    scheme = get_scheme(country) if country else None
    if scheme is None:
        raise ValidationError(
            _("Say in which country this person votes, in two letters such as US.")
        )
    tie = _read_tie(texts["home_tie"])
    if tie is None:
        raise ValidationError(
            _("“%(value)s” is no tie to a country. Write “votes_there”, for example.")
            % {"value": texts["home_tie"][:80]}
        )
    region = read_region(scheme, texts["home_region"])
    region, district = read_district(scheme, region, texts["home_district"])
    return complete_home(
        scheme,
        residence=residence,
        tie=tie,
        region=region,
        district=district if has_districts else None,
        place=texts["home_place"],
    )


def _read_tie(text: str) -> str | None:
    """A ``HomeTie`` from its name, label or letter on printed sheets. None for other texts."""
    if not text:
        return ""
    return TIE_LETTERS.get(text.strip(" .)").upper()) or read_label("home_tie", text)


def read_region(scheme: HomeScheme, text: str) -> str:
    """The code of a region from its code or name; "" for an empty text.

    Raises ``ValidationError`` for a text that is neither, and for regions that are refused.
    """
    text = text.strip()
    if not text:
        return ""
    upper = text.upper()
    short = re.sub(r"[\s.]", "", upper)
    code = short if CODE.fullmatch(short) else f"{scheme.country}-{short}"
    if code not in scheme.regions:
        code = _names(scheme).get(fold(text), code)
    try:
        return scheme.clean_region(code)
    except ValidationError as error:
        if error.code != "invalid_choice":
            raise
        raise ValidationError(
            _("“%(value)s” is no state or region where people vote there.") % {"value": text[:80]}
        ) from error


@functools.cache
def _names(scheme: HomeScheme) -> dict[str, str]:
    """{folded name: code} in all languages. Our names are unambiguous in each of them."""
    names = {}
    for code in scheme.regions:
        for language in LANGUAGES:
            with override(language):
                names.setdefault(fold(scheme.get_region_name(code)), code)
    names.update({name: code for name, code in CALLED.items() if code in scheme.regions})
    names.pop("", None)
    return names


def read_district(scheme: HomeScheme, region: str, text: str) -> tuple[str, str]:
    """The region and the district from a text like "12", "NY-12" or "at large".

    ``region`` is that of another column, or "". Raises ``ValidationError`` if it is neither.
    """
    text = text.strip()
    if not text or scheme.districts_are_typed:
        return region, text
    named_so = _district_names(scheme).get(fold(text), ())
    fitting = [pair for pair in named_so if region in ("", pair[0])]
    if len(fitting) == 1:
        return fitting[0]
    named, _hyphen, rest = text.upper().replace(" ", "-").rpartition("-")
    if named:
        own = f"{scheme.country}-{named.removeprefix(scheme.country + '-')}"
        if own in scheme.regions and region in ("", own):
            region, text = own, rest
    found = _district(scheme, region, text)
    if not found:
        raise ValidationError(
            _("“%(value)s” is no district of the state or region where this person votes.")
            % {"value": text[:80]}
        )
    return region, found


@functools.cache
def _district_names(scheme: HomeScheme) -> dict[str, list[tuple[str, str]]]:
    """{folded name: pairs of a region and a district} in all languages."""
    names: dict[str, list[tuple[str, str]]] = {}
    for language in LANGUAGES:
        with override(language):
            for region in scheme.regions:
                for district in scheme.get_districts(region):
                    pairs = names.setdefault(
                        fold(str(scheme.get_district_name(region, district))), []
                    )
                    if (region, district) not in pairs:
                        pairs.append((region, district))
    return names


def _district(scheme: HomeScheme, region: str, text: str) -> str:
    districts = scheme.get_districts(region)
    if text in districts:
        return text
    number = NUMBER.fullmatch(text.lower())
    code = number[1].zfill(2) if number else ""
    if code in districts:
        return code
    # "At large", or 1, for the only one.
    is_only = len(districts) == 1 and (fold(text) in ("al", "at large") or code == "01")
    return districts[0] if is_only else ""
