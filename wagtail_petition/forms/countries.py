"""The country field of the public form, made fast."""

import functools
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail_petition.countries import countries

from .selects import CachedSelect

PROMPT = _("Choose a country")


@functools.cache
def _country_choices(language: str) -> list[tuple[str, str]]:
    """All countries in ``language``, sorted. Cached, since sorting is slow."""
    return [(code, str(name)) for code, name in countries]


@functools.cache
def _options(language: str) -> SafeString:
    """The HTML options of all countries in ``language``."""
    return format_html_join("\n", '<option value="{}">{}</option>', _country_choices(language))


@functools.cache
def _codes(language: str) -> frozenset[str]:
    return frozenset(code for code, _name in _country_choices(language))


def country_choices() -> list[tuple[str, str | Promise]]:
    """The choices in the active language, with an empty one first."""
    return [("", PROMPT), *_country_choices(get_language())]


class CountrySelect(CachedSelect):
    """A select of all countries."""

    prompt = PROMPT

    def get_options(self) -> SafeString:
        return _options(get_language())


class CountryField(forms.ChoiceField):
    """A country code from the list of django-countries, as its settings define it.

    Django's field would compare a value with all choices.
    """

    widget = CountrySelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=country_choices, **kwargs)

    def valid_value(self, value: str) -> bool:
        return value in _codes(get_language())
