"""Import lists of unsubscribed addresses. They add no signatures."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

from django.db import transaction

from wagtail_petition import ledger
from wagtail_petition.identity.emails import email_key
from wagtail_petition.ledger import ImportResult
from wagtail_petition.mail import opt_out
from wagtail_petition.models.import_batch import ImportBatch

from .reading import Table
from .reading.inspection import counted_rows
from .rows import Rejected, RowReader

ADDRESSES_AT_ONCE = 500


def go_through(
    batch: ImportBatch, table: Table, *, writes: bool, check, keep_lease: Callable[[], None]
):
    """Opt out all addresses in the table, or only count them without ``writes``.

    Calls ``keep_lease`` from time to time. Returns ``check``.
    """
    reader = RowReader(batch, table.headings)
    counts: Counter[str] = Counter()
    seen: set[int] = set()

    def addresses() -> Iterator[str]:
        for row in counted_rows(table):
            check.rows += 1
            try:
                if row.error:
                    raise Rejected(row.error)
                email = reader.read_address(row.cells)
            except Rejected:
                counts[ImportResult.REJECTED] += 1
                continue
            mark = hash(email_key(email))
            if mark in seen:
                counts[ImportResult.TWICE] += 1
            else:
                seen.add(mark)
                yield email

    every, position = addresses(), 0
    while chunk := list(islice(every, ADDRESSES_AT_ONCE)):
        keep_lease()
        results = _opt_out(batch, chunk, position) if writes else _look_up(batch, chunk)
        counts.update(map(str, results))
        position += len(chunk)
    check.counts = counts
    return check


def _look_up(batch: ImportBatch, emails: list[str]) -> list[ImportResult]:
    known = opt_out.opted_out(emails, but=batch if batch.pk else None)
    return [ImportResult.ALREADY_HERE if e in known else ImportResult.NEW for e in emails]


def _opt_out(batch: ImportBatch, emails: list[str], position: int) -> list[ImportResult]:
    results = _look_up(batch, emails)
    if position < batch.position:
        return results
    with transaction.atomic():
        opt_out.opt_out_by_file(emails, batch)
        ledger.move_import_on(batch, results)
    return results


def revert(batch: ImportBatch) -> int:
    """Undo the opt-outs that only this list caused. Returns how many."""
    return opt_out.allow_again_by_file(batch)
