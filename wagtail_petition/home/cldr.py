"""The names of all countries' regions, from the Unicode CLDR (see ``scripts/region_names.py``)."""

import functools
import json
from pathlib import Path

FOLDER = Path(__file__).parent / "names"
# The names that others fall back to. All regions have one.
FALLBACK = "en"
LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@functools.cache
def _load(language: str) -> dict[str, dict[str, str]]:
    """The file of a language: {country: {part of the code after the hyphen: name}}."""
    return json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))


def get_regions(country: str) -> tuple[str, ...]:
    """The ISO 3166-2 codes of a country's regions of the highest level, like "US-NY"."""
    return tuple(f"{country}-{region}" for region in _load(FALLBACK).get(country, ()))


def get_countries() -> tuple[str, ...]:
    """The countries whose regions are known."""
    return tuple(_load(FALLBACK))


def get_name(code: str, language: str) -> str:
    """The name of a region in a language like "pt-br"; in English if it has none in it.

    "" if there is no such region.
    """
    country, _hyphen, region = code.partition("-")
    language = language.partition("-")[0]
    if language in LANGUAGES and (name := _load(language).get(country, {}).get(region)):
        return name
    return _load(FALLBACK).get(country, {}).get(region, "")
