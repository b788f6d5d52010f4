"""Make large exports in the background.

Any number of workers may call ``work_off``; one of them makes each file under a lease. It first
reads all rows in one query, so that they are consistent, into a temporary file. Then it writes
the export and stores its progress. No query is open meanwhile, because on SQLite a connection
that is still reading can't write after others have written.
"""

import logging
import pickle
import tempfile
from contextlib import ExitStack
from datetime import timedelta
from functools import partial

from django.core.files import File
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone, translation

from wagtail_petition import addresses
from wagtail_petition.access.permissions import has_permission
from wagtail_petition.access.selection import Selection
from wagtail_petition.background import leases
from wagtail_petition.background.dispatch import dispatch
from wagtail_petition.background.failures import explain
from wagtail_petition.conf import settings
from wagtail_petition.mail.rendering import render_export_ready
from wagtail_petition.models import SignatureExport
from wagtail_petition.moderation.bulk import describe, selected
from wagtail_petition.storage import private_storage

from .export import ExportTable
from .writers import get_ending, write_open_file

logger = logging.getLogger("wagtail_petition.exports")

State = SignatureExport.State
# Rows between two updates of the progress.
PROGRESS_EVERY = 2000
# Fields to reset when the work ends.
FORGOTTEN = {"query": "", "ids": None, "lease": "", "leased_until": None}


def start(selection, ids, *, format, columns, everyone=False):
    """Start an export of the selected signatures. Returns the ``SignatureExport``."""
    with transaction.atomic():
        made = SignatureExport.objects.create(
            user=selection.user,
            query=selection.query if ids is None else "",
            ids=ids,
            selected=describe(selection, ids),
            format=format,
            columns=columns,
            everyone=everyone,
            language=translation.get_language(),
            time_zone=timezone.get_current_timezone_name(),
            script_name=addresses.seen_script_name(),
            total=selected(selection, ids).count(),
            expires_at=_expiry(),
        )
        transaction.on_commit(partial(dispatch, work_off))
    return made


def stop(export):
    """Stop an export and delete its files. Returns whether it was running."""
    stopped = _running().filter(pk=export.pk).update(state=State.STOPPED, **FORGOTTEN)
    if stopped:
        _delete_files(export)
    return bool(stopped)


def work_off():
    """Make all waiting exports, and email their users."""
    while export := leases.take(_running().select_related("user"), done=0):
        try:
            _make(export)
        except _Lost:
            logger.info("Export %s was stopped, or is made by another worker", export.pk)
        except Exception as error:
            # The user sees the error in the admin.
            logger.exception("Export %s could not be made", export.pk)
            leases.held(_running(), export).update(
                state=State.FAILED, error=explain(error), **FORGOTTEN
            )
    for export in SignatureExport.objects.filter(state=State.READY, is_told=False):
        _tell(export)


def forget_expired():
    """Delete expired exports with their files. Returns how many."""
    expired = SignatureExport.objects.filter(expires_at__lte=timezone.now())
    for export in expired:
        _delete_files(export)
        export.delete()
    return len(expired)


class _Lost(Exception):
    """The export was stopped, or another worker has taken over its lease."""


def _expiry():
    return timezone.now() + timedelta(days=settings.EXPORT_DAYS)


def _running():
    return SignatureExport.objects.filter(state=State.RUNNING)


def _renew(export, **changes):
    if not leases.renew(_running(), export, **changes):
        raise _Lost


def _make(export):
    # Checked again, since the user's permissions may have changed.
    if export.user is None or not has_permission(export.user, "export"):
        stop(export)
        return
    selection = Selection(export.user, QueryDict(export.query))
    with ExitStack() as closing:
        closing.enter_context(translation.override(export.language))
        closing.enter_context(timezone.override(export.time_zone))
        aside, file = (closing.enter_context(tempfile.TemporaryFile()) for _ in range(2))
        table = ExportTable(
            selection,
            export.ids,
            format=export.format,
            columns=export.columns,
            everyone=export.everyone,
        )
        for row in table.rows():
            pickle.dump(row, aside, pickle.HIGHEST_PROTOCOL)
        aside.seek(0)
        total = table.counts.total()
        _renew(export, total=total)
        rows = _rows_put_aside(export, aside, total)
        written = write_open_file(file, table.format, table.header, rows, **table.options)
        _publish(export, table, file, written)


def _rows_put_aside(export, aside, total):
    for position in range(total):
        if position % PROGRESS_EVERY == 0:
            _renew(export, done=position)
        yield pickle.load(aside)


def _publish(export, table, file, written):
    """Store the file in the private storage, then set the state to "ready"."""
    _renew(export, done=written.rows)
    extension = get_ending(table.format, file).extension
    path = private_storage().save(f"{_folder(export)}/{export.lease}.{extension}", File(file))
    published = leases.held(_running(), export).update(
        state=State.READY,
        path=path,
        size=written.size,
        sha256=written.sha256,
        counts={str(petition.pk): table.counts[petition.pk] for petition in table.petitions},
        columns=table.columns,
        expires_at=_expiry(),
        **FORGOTTEN,
    )
    if not published:
        private_storage().delete(path)
        raise _Lost
    _delete_files(export, but=path)


def _folder(export):
    return f"exports/{export.uid}"


def _delete_files(export, but=""):
    """Delete the files in the export's folder except the path ``but``."""
    storage, folder = private_storage(), _folder(export)
    try:
        _folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        if (path := f"{folder}/{name}") != but:
            storage.delete(path)
    if not but:
        storage.delete(folder)


def _tell(export):
    """Email the user that the file is ready. Tried once."""
    untold = SignatureExport.objects.filter(pk=export.pk, is_told=False)
    if not untold.update(is_told=True) or not export.address:
        return
    try:
        url = addresses.admin_url(
            "petition_signatures:export_progress", export.pk, stored=export.script_name
        )
        render_export_ready(export, url).send()
    except Exception as error:
        # The error may contain the address, so only its type is logged.
        kind = type(error).__name__
        logger.warning("The mail about export %s could not be sent: %s", export.pk, kind)
