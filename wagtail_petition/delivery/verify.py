"""Check a delivery's ZIP file against the ledger."""

import zipfile
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_petition.clock import local_time
from wagtail_petition.formats import listed, number
from wagtail_petition.models.delivery import Delivery, DeliveryFile
from wagtail_petition.moments import written_date
from wagtail_petition.storage import private_storage

from . import manifest, selection
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
