"""Process a batch's file: find the result for each row, and record it."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection
from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.background import leases
from wagtail_petition.background.dispatch import Turns
from wagtail_petition.conf import settings
from wagtail_petition.ledger import ImportResult, Incoming
from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.petition import Petition

from . import report, suppression
from .matching import Next, Outcome, Rows
from .reading import Layout, open_table

State, Mode = ImportBatch.State, ImportBatch.Mode
# Rows per transaction: ``FEW`` while people sign, else ``MANY``. A confirmation waits until the
# transaction ends: some hundredths of a second for ``FEW`` rows, some tenths for ``MANY``.
FEW, MANY = 200, 1000
# In seconds: for how long after the last confirmation people count as signing, and for how long
# after its start an import takes ``FEW`` rows, to find out.
SIGNING_AGE, FIRST = 10, 1
# Emails per hour to people who are asked to confirm, if the settings have no limit.
EMAILS_PER_HOUR = 2000


@dataclass
class Check:
    """What an import did, or would do.

    ``counts`` is the number of rows per ``ImportResult``. ``warnings`` counts unlikely dates:
    in the "future", and "before" the petition existed. It also counts "columns" without a meaning,
    because only later rows have them.
    """

    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)

    def as_data(self) -> dict[str, Any]:
        """{"rows": n, "new": n, …}: each ``ImportResult`` and the warnings."""
        counts = {str(result): self.counts[result] for result in ImportResult}
        return {"rows": self.rows, **counts, "warnings": dict(self.warnings)}


def go_through(batch: ImportBatch, file: BinaryIO, folder: Path, *, writes: bool = False) -> Check:
    """Process all rows of an open file in the order of signing, and record them if ``writes``.

    Without ``writes``, ``batch`` may be unsaved. Raises ``Unreadable``.
    """
    table = open_table(file, Layout(**batch.layout))
    if batch.mode == Mode.NO_EMAILS:
        return suppression.go_through(
            batch, table, writes=writes, check=Check(), keep_lease=partial(_keep_lease, batch)
        )
    rows = Rows(batch, table, folder)
    try:
        for _part in rows.read():
            _keep_lease(batch)
        if late := set(table.headings) - batch.mapping.keys():
            rows.warnings["columns"] = len(late)
        if writes:
            renew(batch, total=rows.count)
        counts: Counter[str] = Counter()
        pace = _Pace(batch) if writes else None
        # On SQLite, others need the whole database, and get it only in a pause. On PostgreSQL, they
        # get the lock while the next rows are compared.
        turns = Turns() if connection.vendor == "sqlite" else nullcontext()
        for position, people in _chunks(batch, rows, pace):
            incoming = [person.incoming for person in people]
            if writes and position >= batch.position:
                results = _record(batch, incoming, turns)
            else:
                _keep_lease(batch)
                results = ledger.sort_out(batch, incoming)
            outcomes = [
                Outcome(person.row, str(result), report.reason_for(result), person.resembled)
                for person, result in zip(people, results, strict=True)
            ]
            # The report shows a few of the new rows.
            left = max(0, report.MOST_NEW - counts[ImportResult.NEW])
            new = [outcome for outcome in outcomes if outcome.result == ImportResult.NEW]
            others = [outcome for outcome in outcomes if outcome.result != ImportResult.NEW]
            rows.add_outcomes(others + new[:left])
            counts.update(str(result) for result in results)
        counts[ImportResult.REJECTED] += rows.rejected_count
        if batch.pk:
            report.save(batch, rows)
        return Check(rows.total, counts, rows.warnings)
    finally:
        rows.close()


def _chunks(
    batch: ImportBatch, rows: Rows, pace: "_Pace | None"
) -> Iterator[tuple[int, list[Next]]]:
    """Yield (position of the first, people) in the order of signing, with pauses if ``pace``.

    A chunk ends at the stored progress, so that none is recorded in part.
    """
    people, position = rows.people(), 0
    while True:
        size, left = pace.size if pace else MANY, batch.position - position
        start = time.monotonic()
        chunk = list(islice(people, min(size, left) if left > 0 else size))
        if not chunk:
            return
        yield position, chunk
        position += len(chunk)
        if pace:
            pace.leave_time(time.monotonic() - start)


class _Pace:
    """Slows an import down while people sign the petition: fewer rows at a time, and pauses.

    Each pause is as long as the work before it.
    """

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self._others = _numbers_of_others(batch)
        self._careful_until = time.monotonic() + FIRST
        self._signing_until = float("-inf")

    @property
    def size(self) -> int:
        """How many rows to take now."""
        return FEW if time.monotonic() < self._careful_until else MANY

    def leave_time(self, took: float) -> None:
        """Pause if people sign. ``took`` are the seconds of the work before."""
        before, self._others = self._others, _numbers_of_others(self.batch)
        if self._others != before:
            self._signing_until = self._careful_until = time.monotonic() + SIGNING_AGE
        if time.monotonic() < self._signing_until:
            time.sleep(took)


def _numbers_of_others(batch: ImportBatch) -> int:
    """How many numbers the petition has given to signatures outside of the batch."""
    petition = Petition.objects.filter(pk=batch.petition_id)
    last = petition.values_list("last_number", flat=True).get()
    own = batch.counts.get(ImportResult.NEW, 0) if batch.mode == Mode.CONFIRMED else 0
    return last - own


def _record(
    batch: ImportBatch, incoming: list[Incoming], turns: AbstractContextManager
) -> list[ImportResult]:
    _keep_lease(batch)
    return ledger.import_signatures(batch, incoming, due_at=_due_at(batch), turn=turns)


def _due_at(batch: ImportBatch) -> datetime:
    """When to email the next people: spread out, with half of the hourly limit."""
    limits = [settings.MAILS_PER_HOUR, settings.MAILS_PER_PETITION_PER_HOUR]
    an_hour = min((limit / 2 for limit in limits if limit), default=EMAILS_PER_HOUR)
    asked = batch.counts.get(ImportResult.NEW, 0)
    return max(timezone.now(), batch.created_at + timedelta(hours=asked / max(an_hour, 1)))


def _keep_lease(batch: ImportBatch) -> None:
    """Renew the lease in time. A check by a command has none."""
    if batch.lease and leases.is_old(batch):
        renew(batch)


class LeaseLost(Exception):
    """Another worker has taken over the lease."""


def waiting():
    at_work = [State.RUNNING, State.REVERTING, State.CHECKING]
    return ImportBatch.objects.filter(state__in=at_work)


def renew(batch: ImportBatch, **changes: Any) -> None:
    if not leases.renew(waiting(), batch, **changes):
        raise LeaseLost
