"""The countries to choose from, and a select that doesn't take longer than the rest of the page."""

import functools

from django import forms
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wagtail_petition.countries import countries


@functools.cache
def _country_choices(language):
    """All countries in ``language`` and its order; made once, since sorting takes a while."""
    return [(code, str(name)) for code, name in countries]


@functools.cache
def _options(language):
    """The countries as HTML in ``language``."""
    return format_html_join("\n", '<option value="{}">{}</option>', _country_choices(language))


@functools.cache
def _codes(language):
    return frozenset(code for code, _name in _country_choices(language))


def country_choices():
    """The countries as choices in the active language, after an empty one."""
    return [("", _("Choose a country")), *_country_choices(get_language())]


class CountrySelect(forms.Select):
    """A select of all countries, written out at once.

    Django's own renders a template for each of 250 options, on each page that is shown.
    """

    def render(self, name, value, attrs=None, renderer=None):
        options = _options(get_language())
        if value:
            # A code that is none of ours is no option either.
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
    """One of the countries that django-countries knows; its settings say which these are.

    Django's own field goes through all choices to see whether one is among them.
    """

    widget = CountrySelect

    def __init__(self, **kwargs):
        super().__init__(choices=country_choices, **kwargs)

    def valid_value(self, value):
        return value in _codes(get_language())
