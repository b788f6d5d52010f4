"""Checks of what is collected against what the recipients accept."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from wagtail_petition.blocks.profiles import Profile
from wagtail_petition.formats import language_name, listed
from wagtail_petition.home.answers import get_asked_parts

from .check import Check, Level
from .translations import other_languages


def acceptance(page: Any) -> list[Check]:
    """The checks for each recipient of whom it is known what they accept."""
    return [
        check
        for block in page.recipients
        if (accepts := block.value.get("accepts")) and (profile := accepts.profile)
        for check in _check(page, block.value.get("name") or "", profile)
    ]


def _check(page: Any, name: str, profile: Profile) -> Iterator[Check]:
    words = {"recipient": name}
    for warning in profile.warnings:
        text = _("%(recipient)s: %(warning)s") % {**words, "warning": warning}
        yield Check(Level.ADVICE, text, "recipients")
    if "address" in profile.needs and (check := _address(page, words)):
        yield check
    if "district" in profile.needs and "home_district" not in get_asked_parts(page.terms):
        text = _("%(recipient)s needs the district where people vote: ask for it.")
        yield Check(Level.ADVICE, text % words, "home_country")
    if profile.languages and not any(map(profile.accepts_language, _languages(page))):
        words["languages"] = listed(map(language_name, profile.languages))
        text = _(
            "%(recipient)s accepts other languages only: %(languages)s. Translate the petition."
        )
        yield Check(Level.ADVICE, text % words, "recipients")
    known = "; ".join(f"{label}: {value}" for label, value in profile.describe())
    if known:
        text = _("%(recipient)s accepts: %(known)s")
        yield Check(Level.DONE, text % {**words, "known": known}, "recipients")


def _address(page: Any, words: dict[str, str]) -> Check | None:
    """A check unless the form asks for the whole postal address."""
    for field in ("ask_postcode", "ask_city"):
        if getattr(page.terms, field) != "required":
            text = _("%(recipient)s needs the postal address: require postcode and city.")
            return Check(Level.ADVICE, text % words, field)
    if not any(block.block_type in ("short_text", "long_text") for block in page.questions):
        text = _("%(recipient)s needs the postal address: add a question for street and number.")
        return Check(Level.ADVICE, text % words, "questions")
    return None


def _languages(page: Any) -> list[str]:
    others = other_languages(page) if page.pk else []
    return [page.language, *(other.locale.language_code for other in others)]
