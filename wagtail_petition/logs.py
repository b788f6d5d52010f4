"""A logging filter that hides tokens, so that readers of logs can't use them."""

import copy
import logging
import re
from collections.abc import Mapping
from typing import Any

# After these parts of a path, a token or sealed number follows.
SECRET = re.compile(
    r"(/(?:confirm|signature|receipt|unsubscribe|sent|recipient)/)[A-Za-z0-9_:%-]{16,}"
)
HIDDEN = r"\1[hidden]"


class HideTokens(logging.Filter):
    """Replaces the tokens in our URLs with "[hidden]". Keeps all records.

    For ``django.request``, ``django.server``, and the access logs of gunicorn and uvicorn. Their
    formatters use the record's arguments, so each argument is cleaned separately.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _clean(record.msg)
        if isinstance(record.args, Mapping):
            # A copy of the same type, since gunicorn's returns a value for missing keys too.
            cleaned = copy.copy(record.args)
            for key, value in record.args.items():
                cleaned[key] = _clean(value)  # type: ignore[index]  # Not a tuple here.
            record.args = cleaned
        elif record.args:
            record.args = tuple(_clean(value) for value in record.args)
        return True


def _clean(value: Any) -> Any:
    return SECRET.sub(HIDDEN, value) if isinstance(value, str) else value
