"""Blocks with an optional heading."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class ShowHeadingBlock(blocks.BooleanBlock):
    """Whether a block shows its heading. A blank heading shows a default one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"required": False, "default": True, "label": _("Show the heading")} | kwargs
        )


class HeadedBlock(blocks.StructBlock):
    """A block with a heading. If it is blank, a default one in the page's language is shown.

    Blocks stored before ``ShowHeadingBlock`` existed show no blank heading, as before.
    """

    def to_python(self, value):
        return super().to_python(_with_choice(value))

    def bulk_to_python(self, values):
        return super().bulk_to_python([_with_choice(value) for value in values])


def _with_choice(value):
    if "heading" in value and "show_heading" not in value:
        return {**value, "show_heading": bool(value["heading"])}
    return value
