"""Selects with many options, made fast."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe


class CachedSelect(forms.Select):
    """A select rendered from cached HTML. Subclasses say what it holds.

    Django's select renders a template for each option.
    """

    # The text of the empty option.
    prompt: str | Promise = ""

    def get_options(self) -> SafeString:
        """The HTML of all options but the empty one, in the active language."""
        raise NotImplementedError

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = self.get_options()
        if value:
            # An unknown value matches no option.
            option = f'value="{escape(value)}"'
            options = mark_safe(options.replace(option, f"{option} selected", 1))
        return format_html(
            '<select name="{}"{}>\n<option value="">{}</option>\n{}\n</select>',
            name,
            forms.utils.flatatt(self.build_attrs(self.attrs, attrs)),
            self.prompt,
            options,
        )
