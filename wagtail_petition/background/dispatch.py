"""Work that a request leaves behind: mails to send, deliveries to make, rules to apply.

The queues are our own tables, written in the transaction that owes the work. What is here only
sees that somebody looks at them soon; ``run_petition_jobs`` looks at all of them in any case, so
that nothing depends on a particular task backend, or on a thread that lives long enough.
"""

import logging
import threading
import time

from django.db import connections

from wagtail_petition.conf import settings

logger = logging.getLogger("wagtail_petition.background.dispatch")

# So many signatures in one transaction: short enough for those who confirm not to notice.
BATCH = 100


def dispatch(function):
    """See that ``function`` runs soon, as ``BACKGROUND`` says. Call it after the commit.

    ``function`` is a module's function without arguments, which works off a queue and may run
    any number of times, also at once.
    """
    how = settings.BACKGROUND
    if how == "inline":
        function()
    elif how == "task":
        from . import tasks  # The backend is made when a task is declared, not before.

        tasks.work_off.enqueue(f"{function.__module__}.{function.__qualname__}")
    elif how == "thread":
        _workers.setdefault(function, _Worker(function)).wake()


def throttled(batches):
    """Each of ``batches``, with a pause before the next one, as long as this one took.

    Meanwhile it is everybody else's turn: batches lock the petition that people confirm, and
    SQLite lets one write and knows no queue.
    """
    took = 0.0
    for batch in batches:
        time.sleep(took)
        start = time.monotonic()
        yield batch
        took = time.monotonic() - start


_workers = {}


class _Worker:
    """One thread of this process at most that runs a function for as long as it is wanted."""

    def __init__(self, function):
        self.function = function
        self.wanted = threading.Event()
        self.busy = threading.Lock()

    def wake(self):
        self.wanted.set()
        # Who finds it at work leaves the rest to it.
        if not self.busy.locked():
            name = f"petition-{self.function.__name__}"
            threading.Thread(target=self._run, name=name, daemon=True).start()

    def _run(self):
        while self.wanted.is_set() and self.busy.acquire(blocking=False):
            try:
                self.wanted.clear()
                self.function()
            except Exception:
                # The request is long answered: the log is the place to say it. The work stays
                # owed; the next wake or run_petition_jobs tries again.
                logger.exception("Work in the background failed: %s", self.function.__qualname__)
            finally:
                self.busy.release()
                connections.close_all()
