"""Writes the names of all countries' regions from the Unicode CLDR to wagtail_petition/home/names/.

    apt-get download unicode-cldr-core && dpkg-deb -x unicode-cldr-core_*.deb cldr
    npm install --prefix cldr cldr-core cldr-subdivisions-full
    python scripts/region_names.py cldr/usr/share/unicode/cldr/common cldr/node_modules

The codes and the English names come from Unicode's packages for npm, which are the newest. They
have left out the other languages since release 46, because nobody has reviewed them all, so those
come from the XML of Debian's package. A name that is missing in a language is shown in English.

A file is {country: {the part of the ISO 3166-2 code after the hyphen: name}}, with all regions of
the highest level in English, and in the other languages those that are called differently there.
A name that two regions of a country have in a language is left out, so that names are unambiguous.
"""

import argparse
import json
import shutil
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from pathlib import Path

NAMES = Path(__file__).resolve().parent.parent / "wagtail_petition" / "home" / "names"
LANGUAGES = ("ar", "de", "es", "fr", "it", "pt")
# Marks the second of two places with the same name.
SECOND = "²"
# CLDR calls Washington, D.C., simply Washington in some languages, like the state.
CORRECTIONS = {
    "US-DC": {
        "en": "District of Columbia",
        "ar": "مقاطعة كولومبيا",
        "de": "District of Columbia",
        "es": "Distrito de Columbia",
        "fr": "District de Columbia",
        "it": "Distretto di Columbia",
        "pt": "Distrito de Columbia",
    },
}


def main():
    """Write a file for each language, and say which names were left out."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("common", type=Path, help="the folder “common” of CLDR's XML")
    parser.add_argument("modules", type=Path, help="the folder “node_modules” with CLDR's JSON")
    options = parser.parse_args()
    supplemental = options.modules / "cldr-core" / "supplemental"
    contains = read(supplemental / "subdivisionContainment.json")["subdivisionContainment"]
    codes = [c for country in contains if len(country) == 2 for c in contains[country]["_contains"]]
    aliases = read(supplemental / "aliases.json")["metadata"]["alias"]["subdivisionAlias"]
    replaced = {
        alias["_replacement"]: code
        for code, alias in aliases.items()
        if "_replacement" in alias and " " not in alias["_replacement"]
    }
    english = {}
    for language in ("en", *LANGUAGES):
        names = read_xml(options.common / "subdivisions" / f"{language}.xml", "subdivision")
        if language == "en":
            names |= read_english(options.modules)
        territories = read_xml(options.common / "main" / f"{language}.xml", "territory")
        for code in set(codes) - names.keys():
            # Puerto Rico is a territory too, and some codes have changed.
            former, territory = replaced.get(code), aliases.get(code, {}).get("_replacement")
            names[code] = names.get(former) or territories.get(territory) or ""
        english = english or names
        write(language, codes, names, english)
    licence = options.modules / "cldr-subdivisions-full" / "LICENSE"
    shutil.copyfile(licence, NAMES / "LICENSE")


def read(path):
    """The contents of a supplemental JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))["supplemental"]


def read_english(modules):
    """The English names: {code: name}."""
    path = modules / "cldr-subdivisions-full" / "subdivisions" / "en" / "en.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    return found["subdivisions"]["localeDisplayNames"]["subdivisions"]


def read_xml(path, tag):
    """The names in a file of CLDR's XML: {code: name}. The first is the plain one."""
    names = {}
    for element in ElementTree.parse(path).iter(tag):
        names.setdefault(element.get("type"), element.text)
    return names


def write(language, codes, names, english):
    """Write the names of ``codes`` in ``language``."""
    written = defaultdict(dict)
    for code in codes:
        country, region = code[:2].upper(), code[2:].upper()
        plain = clean(english[code])
        name = clean(names[code]) or plain
        name = CORRECTIONS.get(f"{country}-{region}", {}).get(language, name)
        written[country][region] = (name, plain)
    for country, found in written.items():
        for region, name in find_twice(found):
            print(f"{language}: left out {country}-{region} {name}")
            found[region] = (found[region][1],) * 2
        written[country] = {
            region: name
            for region, (name, plain) in found.items()
            if language == "en" or name != plain
        }
    written = {country: found for country, found in written.items() if found}
    path = NAMES / f"{language}.json"
    text = json.dumps(written, ensure_ascii=False, indent=0, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def find_twice(found):
    """Yield (region, name) for translated names that another region of the country has too.

    ``found`` is {region: (name, English name)}, and is read anew after each pass: English names may
    equal other translations.
    """
    while True:
        counts = Counter(name for name, _plain in found.values())
        twice = [
            (region, name)
            for region, (name, plain) in found.items()
            if counts[name] > 1 and name != plain
        ]
        if not twice:
            return
        yield from twice


def clean(name):
    """A name without CLDR's marks. "" if it isn't one: some are titles of categories."""
    return "" if ":" in name else name.removesuffix(SECOND).strip()


if __name__ == "__main__":
    main()
