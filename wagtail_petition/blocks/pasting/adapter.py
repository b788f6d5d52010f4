"""The editor's form for a block whose list can be filled by pasting."""

from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from wagtail.blocks import StructBlock
from wagtail.blocks.struct_block import StructBlockAdapter

from wagtail_petition.blocks.defaults import in_each_language


class PastedListAdapter(StructBlockAdapter):
    """Adds a button with the text ``label`` above the list ``child`` of a block.

    The button opens a dialog of the admin that turns pasted text into items of ``child``.
    ``heading`` is the default for a blank heading, shown in its field in the page's language.
    """

    js_constructor = "wagtail_petition.blocks.PastedList"

    def __init__(self, child: str, label: str | Promise, heading: str | Promise) -> None:
        self.child = child
        self.label = label
        self.heading = heading

    def js_args(self, block: StructBlock) -> list[Any]:
        name, children, meta = super().js_args(block)
        paste = {
            "child": self.child,
            "label": self.label,
            "url": reverse("petitions:paste", args=[self.child]),
        }
        return [
            name,
            children,
            {**meta, "paste": paste, "headings": in_each_language(self.heading)},
        ]

    @cached_property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["wagtail_petition/pasting.js"])
