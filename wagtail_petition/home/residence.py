"""The region where people live: a code where a country's regions are known, else what they typed.

Codes are those of ISO 3166-2, so a region is one value in every language. A text that names no
region exactly stays as it is.
"""

import functools
import re
import unicodedata

from django.utils.translation import override

from . import cldr
from .registry import get_scheme
from .scheme import HomeScheme

CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,9}")


@functools.cache
def _get_plain_scheme(country: str) -> HomeScheme:
    return HomeScheme(country)


def get_residence_scheme(country: str) -> HomeScheme | None:
    """The scheme with the regions of a country (two letters) where people live, or None.

    That of its voters if they choose a region from a list, or else the regions in the CLDR. Italy
    has the latter, since the constituencies of Italians abroad aren't regions of Italy.
    """
    if not (country.isascii() and country.isalpha() and len(country) == 2):
        return None
    scheme = get_scheme(country)
    if scheme is None or not scheme.asks_region:
        scheme = _get_plain_scheme(country)
    return scheme if scheme.regions else None


def name_residence(region: str) -> str:
    """The name of a region's code in the active language; any other text unchanged."""
    if not CODE.fullmatch(region):
        return region
    scheme = get_residence_scheme(region[:2])
    return scheme.get_region_name(region) if scheme else region


def read_residence(country: str, text: str) -> str:
    """The code of the region that ``text`` names exactly: a code, or a name in any language.

    Any other text is returned unchanged, without spaces around it.
    """
    text = text.strip()
    scheme = get_residence_scheme(country)
    if scheme is None or not text:
        return text
    if text.upper() in scheme.regions:
        return text.upper()
    return _index(scheme).get(_key(text), text)


def find_codes(text: str) -> set[str]:
    """The codes of all regions of the world that ``text`` names exactly."""
    found = {read_residence(country, text) for country in cldr.get_countries()}
    return found - {text.strip()}


@functools.cache
def _index(scheme: HomeScheme) -> dict[str, str]:
    """{key of a name or short code: code}, without ambiguous names."""
    found: dict[str, set[str]] = {}
    for code in scheme.regions:
        short = code.partition("-")[2]
        # A short code such as "NY". Nobody knows the numeric ones.
        names = {short} if short.isalpha() else set()
        for language in cldr.LANGUAGES:
            with override(language):
                names.add(str(scheme.name_region(code, language)))
        for name in names:
            found.setdefault(_key(name), set()).add(code)
    return {key: codes.pop() for key, codes in found.items() if key and len(codes) == 1}


def _key(text: str) -> str:
    """``text`` without case, accents, spaces and punctuation: "N.Y." is "ny"."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in decomposed if char.isalnum())
