"""Describe the results for a file's rows."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition.admin.base import signatures_url
from wagtail_petition.imports import report
from wagtail_petition.ledger import ImportResult
from wagtail_petition.models import ImportBatch

State, Mode = ImportBatch.State, ImportBatch.Mode

# {result: (label, explanation)}, in the order of the list.
RESULTS = {
    ImportResult.NEW: (gettext_lazy("New"), ""),
    ImportResult.ALREADY_HERE: (
        gettext_lazy("Signed here already"),
        gettext_lazy("Their signature here stays as it is."),
    ),
    ImportResult.ALREADY_IMPORTED: (
        gettext_lazy("Imported already"),
        gettext_lazy("With another file."),
    ),
    ImportResult.TWICE: (
        gettext_lazy("Twice in the file"),
        gettext_lazy("The row with the earlier date counts."),
    ),
    ImportResult.POSSIBLE: (
        gettext_lazy("Possible duplicates"),
        gettext_lazy("Same name and place as another signature, and no email to tell them apart."),
    ),
    ImportResult.LEFT_OUT: (
        gettext_lazy("Left out for good"),
        gettext_lazy("They withdrew, were invalidated or unsubscribed."),
    ),
    ImportResult.BLOCKED: (
        gettext_lazy("Blocked"),
        gettext_lazy("A block rule refuses their email address. To add one, allow the address."),
    ),
    ImportResult.REJECTED: (
        gettext_lazy("Unreadable"),
        gettext_lazy("Each with the reason."),
    ),
}


class Result(NamedTuple):
    """A result, its label, its explanation, the number of rows, and the URL of the rows or ""."""

    name: str
    label: str
    help: str
    number: int
    url: str = ""


def get_results(batch: ImportBatch) -> list[Result]:
    """The number of rows per result in the last check or import. Empty before the first."""
    return [
        Result(name, _label(batch, name), get_help(batch, name), number, _url(batch, name, number))
        for name in RESULTS
        if (number := batch.counts.get(name, 0)) or name == ImportResult.NEW
    ]


def _label(batch, name):
    if name == ImportResult.NEW and batch.mode == Mode.NO_EMAILS:
        return _("Addresses to unsubscribe")
    if name == ImportResult.ALREADY_HERE and batch.mode == Mode.NO_EMAILS:
        return _("Already unsubscribed")
    return str(RESULTS[name][0])


def get_help(batch: ImportBatch, name: ImportResult) -> str:
    """The explanation of a result, and what can be done."""
    if batch.mode == Mode.NO_EMAILS:
        return ""
    if name == ImportResult.NEW and batch.mode == Mode.ASK:
        return _("Each is asked by email, and counts once they confirm.")
    if name == ImportResult.POSSIBLE and batch.state == State.DRAFT:
        return _("%(help)s Tick those to import.") % {"help": RESULTS[name][1]}
    return str(RESULTS[name][1])


def _url(batch, name, number):
    if not number:
        return ""
    if name == ImportResult.NEW and batch.state == State.DONE and batch.mode != Mode.NO_EMAILS:
        return signatures_url(batch.petition, batch=batch.pk, status="")
    if has_report(batch):
        return reverse("petition_imports:rows", args=[batch.pk, name])
    return ""


def refused_count(batch: ImportBatch) -> int:
    """The number of rows that can be downloaded and corrected."""
    if not has_report(batch):
        return 0
    return sum(batch.counts.get(result, 0) for result in report.REFUSED)


def has_report(batch: ImportBatch) -> bool:
    """Whether there is a report on the rows of the last check or import."""
    return bool(batch.counts and batch.path) and batch.mode != Mode.NO_EMAILS


class ReportRows(Sequence):
    """The rows with one result, as the sequence that a paginator needs."""

    def __init__(self, batch: ImportBatch, result: str) -> None:
        self.batch, self.result = batch, result

    def __len__(self) -> int:
        number = self.batch.counts.get(self.result, 0)
        return min(number, report.MOST_NEW) if self.result == ImportResult.NEW else number

    def __getitem__(self, rows: Any) -> Any:
        return report.get_rows(self.batch, self.result, rows.start, rows.stop - rows.start)


def ticked_count(batch: ImportBatch) -> int:
    """How many possible duplicates are ticked for import."""
    if batch.ticked is True:
        return batch.counts.get(ImportResult.POSSIBLE, 0)
    return len(batch.ticked)


def tick(batch: ImportBatch, shown: set[int], ticked: set[int]) -> None:
    """Set which of the ``shown`` possible duplicates are ticked. Doesn't save the batch."""
    before = batch.ticked
    if before is True:
        if shown == ticked:
            return
        before = [row["row"] for row in report.get_rows(batch, ImportResult.POSSIBLE)]
    batch.ticked = sorted(set(before) - shown | ticked & shown)
