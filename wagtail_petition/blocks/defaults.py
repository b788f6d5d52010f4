"""The editor's form for a block with a field whose default is shown in the page's language."""

from functools import cached_property
from typing import Any

from django import forms
from django.utils import translation
from django.utils.functional import Promise
from wagtail.blocks import StructBlock
from wagtail.blocks.struct_block import StructBlockAdapter
from wagtail.coreutils import get_content_languages


def in_each_language(text: str | Promise) -> dict[str, str]:
    """A translatable text in each language of the site."""
    texts = {}
    for language in get_content_languages():
        with translation.override(language):
            texts[language] = str(text)
    return texts


class DefaultedAdapter(StructBlockAdapter):
    """Shows what readers see while a field of a block is blank, in the field itself.

    ``defaults`` is the text for each of these fields: {name of the child block: text}.
    """

    js_constructor = "wagtail_petition.blocks.Defaulted"

    def __init__(self, **defaults: str | Promise) -> None:
        self.defaults = defaults

    def js_args(self, block: StructBlock) -> list[Any]:
        name, children, meta = super().js_args(block)
        defaults = {child: in_each_language(text) for child, text in self.defaults.items()}
        return [name, children, {**meta, "defaults": defaults}]

    @cached_property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["wagtail_petition/defaults.js"])
