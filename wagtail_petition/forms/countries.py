"""The country field of the public form, made fast."""

import functools

from django import forms
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail_petition.countries import countries


@functools.cache
def _country_choices(language):
    """All countries in ``language``, sorted. Cached, since sorting is slow."""
    return [(code, str(name)) for code, name in countries]


@functools.cache
def _options(language):
    """The HTML options of all countries in ``language``."""
    return format_html_join("\n", '<option value="{}">{}</option>', _country_choices(language))


@functools.cache
def _codes(language):
    return frozenset(code for code, _name in _country_choices(language))


def country_choices():
    """The choices in the active language, with an empty one first."""
    return [("", _("Choose a country")), *_country_choices(get_language())]


class CountrySelect(forms.Select):
    """A select of all countries, rendered from cached HTML.

    Django's select renders a template for each of the 250 options.
    """

    def render(self, name, value, attrs=None, renderer=None):
        options = _options(get_language())
        if value:
            # An unknown code matches no option.
            option = f'value="{escape(value)}"'
            options = mark_safe(options.replace(option, f"{option} selected", 1))
        return format_html(
            '<select name="{}"{}>\n<option value="">{}</option>\n{}\n</select>',
            name,
            forms.utils.flatatt(self.build_attrs(self.attrs, attrs)),
            _("Choose a country"),
            options,
        )


class CountryField(forms.ChoiceField):
    """A country code from the list of django-countries, as its settings define it.

    Django's field would compare a value with all choices.
    """

    widget = CountrySelect

    def __init__(self, **kwargs):
        super().__init__(choices=country_choices, **kwargs)

    def valid_value(self, value):
        return value in _codes(get_language())
