"""Check a delivery's ZIP file, or the parts of a split one, against the ledger."""

import zipfile
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_petition.clock import local_time
from wagtail_petition.formats import listed, number
from wagtail_petition.models.delivery import Delivery, DeliveryFile
from wagtail_petition.models.delivery_split import DeliverySplit
from wagtail_petition.moments import written_date
from wagtail_petition.storage import private_storage

from . import manifest, selection, split_manifest
from .manifest import Archive, Finding

# How many numbers of signatures that no longer count are named.
NAMED = 20


def check_delivery(delivery: Delivery) -> list[Finding]:
    """Check the stored ZIP file of ``delivery`` against its manifest and against the ledger.

    Raises ``FileNotFoundError`` if the file was deleted after its retention period.
    """
    archive = delivery.files.filter(name__endswith=".zip").exclude(path="").first()
    if archive is None:
        raise FileNotFoundError(delivery.pk)
    try:
        with private_storage().open(archive.path) as file:
            return list(_check_stored(archive, file))
    except OSError:
        text = _("%(file)s: missing")
    except (zipfile.BadZipFile, KeyError, ValueError):
        text = _("%(file)s: not a delivery that can be checked")
    return [Finding(False, text % {"file": archive.name})]


def _check_stored(archive: DeliveryFile, file: IO[bytes]) -> Iterator[Finding]:
    is_same = manifest.hash_file(file) == (archive.size, archive.sha256)
    yield _compare(archive.name, is_same)
    for check in (manifest.check_files, check_ledger):
        file.seek(0)
        yield from check(file)


def check_ledger(path: Archive) -> Iterator[Finding]:
    """Check a delivery's ZIP file against this site's ledger. Yields ``Finding``.

    Raises as ``manifest.check_files`` does.
    """
    with zipfile.ZipFile(path) as archive:
        listing = manifest.read_manifest(archive)
        digest = manifest.manifest_hash(archive)
        letter = _get_letter(archive)
    delivery = (
        Delivery.objects.filter(manifest_sha256=digest, petition__key=listing["petition"]["key"])
        .select_related("petition")
        .order_by("pk")
        .first()
    )
    if delivery is None:
        text = _("No delivery of this site has the manifest %(sha256)s")
        yield Finding(False, text % {"sha256": digest})
        return
    text = _("Made here for %(recipient)s on %(date)s")
    yield Finding(True, text % {"recipient": delivery.recipient, "date": _day(delivery.created_at)})
    yield Finding(
        delivery.count == listing["signatures"],
        _("Signatures in the manifest: %(listed)s, in the ledger’s record: %(recorded)s")
        % {"listed": number(listing["signatures"]), "recorded": number(delivery.count)},
    )
    # The manifest can't hold the letter's hash, because the letter prints the manifest's hash.
    recorded = delivery.files.filter(name=manifest.LETTER).values_list("sha256", flat=True).first()
    if recorded and letter is None:
        yield Finding(False, _("%(file)s: missing") % {"file": manifest.LETTER})
    elif letter:
        yield _compare(manifest.LETTER, letter == recorded)
    if delivery.state == Delivery.State.DELIVERED:
        date = written_date(delivery.delivered_on) if delivery.delivered_on else ""
        yield Finding(True, _("Handed over on %(date)s") % {"date": date})
    gone = selection.withdrawn_since(delivery)
    if not gone:
        yield Finding(True, _("All of these signatures still count"))
        return
    text = ngettext(
        "%(count)s of these signatures no longer counts: number %(numbers)s",
        "%(count)s of these signatures no longer count: numbers %(numbers)s",
        len(gone),
    )
    numbers = listed(gone[:NAMED]) + (" …" if len(gone) > NAMED else "")
    yield Finding(True, text % {"count": number(len(gone)), "numbers": numbers})


def check_split_ledger(path: str) -> Iterator[Finding]:
    """Check all parts of a split delivery against this site's ledger. Yields ``Finding``.

    ``path`` and errors are those of ``split_manifest.check_files``.
    """
    with split_manifest.opened(path) as bundle:
        listing = bundle.listing
        found = DeliverySplit.objects.filter(uid=UUID(listing["split"]))
        split = found.select_related("petition").first()
        if split is None:
            yield Finding(False, _("This site has no such split delivery"))
            return
        recorded = split_manifest.make(split)
        entries = [_what_stays(entry) for entry in recorded["parts"]]
        text = _("Made here on %(date)s: %(count)s parts, in the ledger’s record: %(recorded)s")
        words = {
            "date": _day(split.created_at),
            "count": number(len(listing["parts"])),
            "recorded": number(len(entries)),
        }
        yield Finding(len(listing["parts"]) == len(entries), text % words)
        for entry in listing["parts"]:
            if _what_stays(entry) not in entries:
                text = _("not as recorded: the part was rebuilt, or the manifest was changed")
                yield split_manifest.of_part(entry, Finding(False, text))
                continue
            for finding in _check_part_in_ledger(entry, bundle.folder):
                yield split_manifest.of_part(entry, finding)


def _what_stays(entry):
    """A part in a manifest, without what changes when its files are deleted as planned."""
    return {name: value for name, value in entry.items() if name != "files_deleted_on"}


def _check_part_in_ledger(entry, folder):
    archive = split_manifest.get_archive(entry)
    target = folder / archive["name"] if archive else None
    # What is missing was found already.
    if target and target.is_file():
        with target.open("rb") as file:
            try:
                yield from check_ledger(file)
            except (zipfile.BadZipFile, KeyError, ValueError):
                # So was what isn't a delivery.
                return


def _day(moment):
    return written_date(local_time(moment))


def _compare(name: str, is_same: bool) -> Finding:
    text = (
        _("%(file)s: SHA-256 as recorded") if is_same else _("%(file)s: changed since it was made")
    )
    return Finding(is_same, text % {"file": name})


def _get_letter(archive: zipfile.ZipFile) -> str | None:
    """The SHA-256 of the letter in an open ``ZipFile``, or None if there is no letter."""
    if manifest.LETTER not in archive.namelist():
        return None
    with archive.open(manifest.LETTER) as file:
        _size, sha256 = manifest.hash_file(file)
    return sha256
