"""The field for the region where people live."""

import functools
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from wagtail_petition.home.residence import get_residence_scheme, read_residence
from wagtail_petition.home.scheme import HomeScheme

from .fields import NameField
from .selects import CachedSelect

# A placeholder of the country in the URL from which the script loads regions.
ANY = "XX"


@functools.cache
def _options(scheme: HomeScheme, language: str) -> SafeString:
    with override(language):
        names = scheme.get_names().items()
        return format_html_join("\n", '<option value="{}">{}</option>', names)


class _RegionSelect(CachedSelect):
    def __init__(self, scheme: HomeScheme, attrs: dict[str, Any]) -> None:
        super().__init__(attrs)
        self.scheme, self.prompt = scheme, scheme.region_prompt

    def get_options(self) -> SafeString:
        return _options(self.scheme, get_language() or "en")


class ResidenceInput(forms.TextInput):
    """A text, or a select of the regions of ``country`` if they are known.

    The page is the same for everybody, so it has a text input. The script replaces it with a select
    when a country is chosen. A form that is shown again has the select even without the script,
    unless the text is no region of that country.
    """

    country = ""

    def render(self, name, value, attrs=None, renderer=None):
        url = reverse("wagtail_petition:regions", args=[ANY, get_language() or "en"])
        attrs = {**(attrs or {}), "data-petition-regions": url}
        scheme = get_residence_scheme(self.country)
        code = read_residence(self.country, str(value or ""))
        if scheme is None or (code and code not in scheme.regions):
            return super().render(name, value, attrs, renderer)
        built = {key: item for key, item in self.attrs.items() if key != "maxlength"}
        attrs["data-petition-country"] = self.country
        return _RegionSelect(scheme, built).render(name, code, attrs)


class ResidenceField(NameField):
    """The region where people live. ``ResidenceInput`` needs to know the country."""

    widget = ResidenceInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("State or region"),
            error_messages={"required": _("Enter your state or region.")},
            widget=ResidenceInput(attrs={"autocomplete": "address-level1"}),
            **kwargs,
        )
