"""How the editor shows a block whose list can be filled by pasting."""

from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from wagtail.blocks import StructBlock
from wagtail.blocks.struct_block import StructBlockAdapter


class PastedListAdapter(StructBlockAdapter):
    """A block with a button above its list ``child``, with the words ``label``.

    It leads to a dialog of the admin, which reads what is pasted as ``child``.
    """

    js_constructor = "wagtail_petition.blocks.PastedList"

    def __init__(self, child: str, label: str | Promise) -> None:
        self.child = child
        self.label = label

    def js_args(self, block: StructBlock) -> list[Any]:
        name, children, meta = super().js_args(block)
        paste = {
            "child": self.child,
            "label": self.label,
            "url": reverse("petitions:paste", args=[self.child]),
        }
        return [name, children, {**meta, "paste": paste}]

    @cached_property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["wagtail_petition/pasting.js"])
