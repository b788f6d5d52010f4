"""A filter for logs: who reads them must not be able to confirm, change or withdraw a signature."""

import copy
import logging
import re
from collections.abc import Mapping
from typing import Any

# What follows these in a path of ours is a token, or a sealed number.
SECRET = re.compile(r"(/(?:confirm|signature|unsubscribe|sent)/)[A-Za-z0-9_:%-]{16,}")
HIDDEN = r"\1[hidden]"


class HideTokens(logging.Filter):
    """Replaces the tokens of our links by "[hidden]"; drops no record.

    For ``django.request``, ``django.server``, and the access logs of gunicorn and uvicorn, whose
    formatters need the arguments of a record as they are: each is cleaned in its place.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _clean(record.msg)
        if isinstance(record.args, Mapping):
            # Of the same type: gunicorn's answers for keys that it does not hold.
            cleaned = copy.copy(record.args)
            for key, value in record.args.items():
                cleaned[key] = _clean(value)  # type: ignore[index]
            record.args = cleaned
        elif record.args:
            record.args = tuple(_clean(value) for value in record.args)
        return True


def _clean(value: Any) -> Any:
    return SECRET.sub(HIDDEN, value) if isinstance(value, str) else value
