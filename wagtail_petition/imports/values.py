"""Read booleans, countries and languages as other programs write them."""

import functools
import re

from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.coreutils import get_content_languages

from wagtail_petition.countries import countries
from wagtail_petition.home.ties import HomeTie
from wagtail_petition.models.origin import Origin
from wagtail_petition.models.search import fold
from wagtail_petition.models.signature import Signature

from .dates import LANGUAGES

YES = {"y", "yes", "true", "1", "x", "✓", "✔", "si", "oui", "ja", "s", "j", "o", "on", "subscribed"}
NO = {"n", "no", "false", "0", "", "non", "nein", "nao", "off", "none", "-"}
# Platforms' states of an address that gets no emails: read as not opted in to updates.
NOT_SUBSCRIBED = {
    *("unsubscribed", "bouncing", "bounced", "spam complaint", "previous bounce", "cleaned"),
    *("previous spam complaint", "nonsubscribed", "pending", "archived", "transactional"),
}
# Common names of countries, in addition to their names in seven languages.
CALLED = {
    **dict.fromkeys(("usa", "u s a", "united states", "america", "stati uniti", "eeuu"), "US"),
    **dict.fromkeys(("uk", "u k", "england", "scotland", "wales", "great britain"), "GB"),
    **dict.fromkeys(("inghilterra", "gran bretagna", "grossbritannien", "angleterre"), "GB"),
    **{"holland": "NL", "olanda": "NL", "russia": "RU", "south korea": "KR", "turkey": "TR"},
    **{"czech republic": "CZ", "vatican": "VA", "vaticano": "VA", "kosovo": "XK", "vietnam": "VN"},
}
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


def read_boolean(cell: object) -> bool | None:
    """True or False, or None if the cell is neither."""
    if isinstance(cell, bool):
        return cell
    if cell is None:
        return False
    text = fold(str(cell)) or str(cell).strip()
    if text in YES or text in _words()[True]:
        return True
    if text in NO or text in NOT_SUBSCRIBED or text in _words()[False]:
        return False
    return {"1.0": True, "0.0": False}.get(str(cell))


@functools.cache
def _words() -> dict[bool, set[str]]:
    words: dict[bool, set[str]] = {True: set(), False: set()}
    for language in LANGUAGES:
        with translation.override(language):
            words[True].add(fold(_("Yes")))
            words[False].add(fold(_("No")))
    return words


def read_country(text: str) -> str | None:
    """The two-letter code of a country, "" for an empty text, None if it isn't a country."""
    text = text.strip()
    if not text:
        return ""
    upper = text.upper()
    if len(upper) == 2 and upper in countries:
        return upper
    if len(upper) == 3 and (code := countries.alpha2(upper)) and code in countries:
        return code
    return _countries().get(fold(text))


@functools.cache
def _countries() -> dict[str, str]:
    names = dict(CALLED)
    for language in LANGUAGES:
        with translation.override(language):
            for code, name in countries:
                names.setdefault(fold(str(name)), code)
    return names


def read_language(text: str, default: str) -> str:
    """The code of a language, like "it" or "pt-br", or ``default`` if it isn't one."""
    text = text.strip()
    if text in get_content_languages():
        return text
    if len(text) <= 16 and LANGUAGE.fullmatch(text):
        return text.replace("_", "-").lower()
    return default


def read_label(labels: str, text: str) -> str | None:
    """The value of one of our labels in any language. ``labels`` is "status", "origin" or
    "home_tie".
    """
    return _labels(labels).get(fold(text))


@functools.cache
def _labels(which: str) -> dict[str, str]:
    choices = {"status": Signature.Status, "origin": Origin, "home_tie": HomeTie}[which]
    known = {}
    for language in LANGUAGES:
        with translation.override(language):
            for value, label in choices.choices:
                known.setdefault(fold(str(label)), value)
                known[fold(value)] = value
    return known
