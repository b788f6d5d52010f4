"""The result of pasting, for all types of blocks."""

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

# The most blocks created by pasting once.
MOST = 200


class PastedBlock(NamedTuple):
    """A block's value as plain data, and notes for the editor on what was changed."""

    value: dict[str, Any]
    notes: list[str]


class PastedBlocks(NamedTuple):
    """The blocks created, and the lines left out."""

    blocks: list[PastedBlock]
    left_out: list[str]


def shortened(text: str, limit: int) -> str:
    """``text`` with at most ``limit`` characters, cut between words."""
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"


def valid_urls(urls: list[str], notes: list[str]) -> list[str]:
    """The URLs that a block accepts. Adds a note for each of the others to ``notes``."""
    notes += [_("Not a valid URL: %(url)s") % {"url": u} for u in urls if not _is_valid(u)]
    return [url for url in urls if _is_valid(url)]


def _is_valid(url: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(url)
    except ValidationError:
        return False
    return True
