"""Exports of signatures. Each is logged before the user gets the file.

Small exports are made in the request, large ones in the background (``exports.run``).
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO, Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from wagtail_petition.access.permissions import editable_petition_pks, has_permission
from wagtail_petition.access.petitions import User
from wagtail_petition.access.selection import Selection
from wagtail_petition.models import Petition, SignatureExport
from wagtail_petition.moderation.bulk import describe, selected
from wagtail_petition.storage import private_storage

from .resources import get_signature_resource
from .tools import find_tool, get_format
from .tools.people import subscribers, without_opted_out
from .writers import write_open_file

# The most signatures in an export that is made in the request.
AT_ONCE = 20_000


class ExportTable:
    """The selected signatures as a table in ``format``.

    ``selection`` is a ``Selection``; ``ids`` limits it, unless it is None. ``format`` is the name
    of a format or a tool. ``columns`` are names of columns of ``SignatureResource``, or of the
    tool's resource. ``counts`` is the number of rows read so far, by petition.

    A table for a tool holds only people who opted in to updates, unless ``everyone``.
    """

    def __init__(self, selection, ids, *, format, columns=None, everyone=False):
        signatures = selected(selection, ids)
        self._tool = find_tool(format)
        if self._tool:
            signatures = subscribers(signatures, everyone=everyone and self._tool.takes_everyone)
        petitions = list(selection.petitions.order_by("pk"))
        found = [p for p in petitions if signatures.filter(petition=p).exists()]
        self.petitions = found or petitions
        make = self._tool.resource if self._tool else get_signature_resource
        self.resource = make(petitions=self.petitions, columns=columns)
        self.format = get_format(format)
        self.header, self.options = self.resource.get_frame(self.format)
        self.counts = Counter()
        # The number of rows left out of a tool's file, because these people opted out of emails.
        self.left_out = Counter()
        self._ordered = signatures.order_by("petition", F("number").asc(nulls_last=True), "pk")

    @property
    def columns(self) -> list[str]:
        """The names of the columns, for the log."""
        return list(self.resource.fields)

    def rows(self) -> Iterator[list[Any]]:
        """Yield the rows."""
        rows = self.resource.get_rows_with(self._ordered, "petition", "email")
        if self._tool:
            rows = without_opted_out(rows, self.left_out)
        for row, (petition, _email) in rows:
            self.counts[petition] += 1
            yield row


def is_large(selection: Selection, ids: list[int] | None) -> bool:
    """Whether too many signatures are selected for a request."""
    return selected(selection, ids).order_by()[: AT_ONCE + 1].count() > AT_ONCE


def export(
    selection: Selection,
    ids: list[int] | None,
    *,
    format: str,
    columns: list[str] | None = None,
    everyone: bool = False,
) -> IO[bytes]:
    """Export the selected signatures and log it for each petition. Returns an open file.

    If logging fails, there is no file.
    """
    table = ExportTable(selection, ids, format=format, columns=columns, everyone=everyone)
    with ExitStack() as closing:
        file = closing.enter_context(tempfile.TemporaryFile())
        written = write_open_file(file, table.format, table.header, table.rows(), **table.options)
        _log(
            {petition: table.counts[petition.pk] for petition in table.petitions},
            format=format,
            sha256=written.sha256,
            filter=describe(selection, ids),
            columns=table.columns,
            **describe_tool(format, everyone),
        )
        closing.pop_all()
        return file


def describe_tool(format: str, everyone: bool) -> dict[str, Any]:
    """The log's data on a file for a tool: whether it holds only people who opted in."""
    tool = find_tool(format)
    return {"everyone": everyone and tool.takes_everyone} if tool else {}


def get_exports(user: User) -> QuerySet[SignatureExport]:
    """The exports that ``user`` may see: their own, of petitions that they may still export."""
    exports = SignatureExport.objects.filter(expires_at__gt=timezone.now())
    if not has_permission(user, "export"):
        return exports.none()
    if user.is_superuser:
        return exports
    own = exports.filter(user=user)
    petitions = editable_petition_pks(user)
    if petitions is None:
        return own
    return own.filter(pk__in=[e.pk for e in own if set(map(int, e.counts)) <= petitions])


def open_file(export: SignatureExport) -> IO[bytes]:
    """Log the download for each petition, as in ``export``. Returns the open file."""
    with ExitStack() as closing:
        file = closing.enter_context(private_storage().open(export.path))
        counts = {int(pk): rows for pk, rows in export.counts.items()}
        _log(
            {p: counts[p.pk] for p in Petition.objects.filter(pk__in=counts).order_by("pk")},
            format=export.format,
            sha256=export.sha256,
            filter=export.selected,
            columns=export.columns,
            **describe_tool(export.format, export.everyone),
        )
        closing.pop_all()
        return file


@transaction.atomic
def _log(counts, **data):
    for petition, rows in counts.items():
        log(petition, "wagtail_petition.export", data={**data, "rows": rows})
