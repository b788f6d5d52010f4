"""Start background work soon after a request: emails, deliveries, exports, rules.

The work itself is stored in our own tables, in the transaction that causes it. This module only
starts a function that works through such a table. The command ``run_petition_jobs`` works through
all of them too, so no work is lost if a thread dies or a task backend drops it.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from django.db import connections

from wagtail_petition.conf import settings

logger = logging.getLogger("wagtail_petition.background.dispatch")

T = TypeVar("T")

# Signatures per transaction: short enough not to delay confirmations noticeably.
SIGNATURES_AT_ONCE = 100


def dispatch(function: Callable[[], object]) -> None:
    """Run ``function`` in the way that the setting ``BACKGROUND`` names. Call it after the commit.

    ``function`` is a module-level function without arguments that works through a queue. It must
    be safe to run repeatedly and several times at once.
    """
    how = settings.BACKGROUND
    if how == "inline":
        function()
    elif how == "task":
        from . import tasks  # Imported here, because declaring a task creates its backend.

        tasks.work_off.enqueue(f"{function.__module__}.{function.__qualname__}")
    elif how == "thread":
        _workers.setdefault(function, _Worker(function)).wake()


class Turns:
    """Pauses between pieces of work that hold a lock. Each piece runs in ``with turns:``.

    Each pause is as long as the piece before it. So other writers can take the lock, which is the
    petition's row, or on SQLite the whole database.
    """

    def __init__(self) -> None:
        self._took = self._ended = 0.0

    def __enter__(self) -> None:
        time.sleep(max(0, self._ended + self._took - time.monotonic()))
        self._started = time.monotonic()

    def __exit__(self, *error: object) -> None:
        self._ended = time.monotonic()
        self._took = self._ended - self._started


def throttled(batches: Iterable[T]) -> Iterator[T]:
    """Yield ``batches`` with pauses (``Turns``), since each is worked on under a lock."""
    turns = Turns()
    for batch in batches:
        with turns:
            yield batch


_workers = {}


class _Worker:
    """Runs a function in at most one thread per process, until it isn't wanted any more."""

    def __init__(self, function):
        self.function = function
        self.wanted = threading.Event()
        self.busy = threading.Lock()

    def wake(self) -> None:
        self.wanted.set()
        # A running thread checks ``wanted`` again when it finishes.
        if not self.busy.locked():
            name = f"petition-{self.function.__name__}"
            threading.Thread(target=self._run, name=name, daemon=True).start()

    def _run(self):
        while self.wanted.is_set() and self.busy.acquire(blocking=False):
            try:
                self.wanted.clear()
                self.function()
            except Exception:
                # The work stays queued: the next wake or run_petition_jobs tries again.
                logger.exception("Work in the background failed: %s", self.function.__qualname__)
            finally:
                self.busy.release()
                connections.close_all()
