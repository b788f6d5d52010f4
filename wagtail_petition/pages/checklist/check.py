"""One line of the checklist."""

from enum import Enum
from typing import NamedTuple


class Level(Enum):
    """The result of a check."""

    MISSING = "missing"  # people would notice
    ADVICE = "advice"  # may be meant so
    DONE = "done"


class Check(NamedTuple):
    """A line of the checklist. Its text says what to do, unless it is done.

    It links to ``field``, a content path in Wagtail's editor ("closes_at" or
    "body.<block id>.alt_text"), or to ``url``.
    """

    level: Level
    text: str
    field: str = ""
    url: str = ""
