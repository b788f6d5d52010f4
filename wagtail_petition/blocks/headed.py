"""Blocks with a heading of their own, shown or not."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class ShowHeadingBlock(blocks.BooleanBlock):
    """Whether a block's heading is shown, which is a default one where it is left blank."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"required": False, "default": True, "label": _("Show the heading")} | kwargs
        )


class HeadedBlock(blocks.StructBlock):
    """A block with a heading that may be left blank, for one in the language of the page.

    Kept blank before there was the choice, a heading was meant to be absent, and stays so.
    """

    def to_python(self, value):
        return super().to_python(_with_choice(value))

    def bulk_to_python(self, values):
        return super().bulk_to_python([_with_choice(value) for value in values])


def _with_choice(value):
    if "heading" in value and "show_heading" not in value:
        return {**value, "show_heading": bool(value["heading"])}
    return value
