"""One line of the checklist."""

from enum import Enum
from typing import NamedTuple


class Level(Enum):
    """How a check went."""

    MISSING = "missing"  # people would notice
    ADVICE = "advice"  # may be meant so
    DONE = "done"


class Check(NamedTuple):
    """A line of the checklist, in words that say what to do unless it is done.

    ``field``: where in the editor that is, as a content path of Wagtail's, such as "closes_at" or
    "body.<id of a block>.alt_text". ``url``: where else it is.
    """

    level: Level
    text: str
    field: str = ""
    url: str = ""
