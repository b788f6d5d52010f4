"""Check a delivery's ZIP file against the ledger."""

import zipfile
from collections.abc import Iterator
from os import PathLike

from wagtail_petition.models.delivery import Delivery

from . import manifest, selection
from .manifest import Finding


def check_ledger(path: str | PathLike[str]) -> Iterator[Finding]:
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
        yield Finding(False, f"No delivery of this site has the manifest {digest}")
        return
    yield Finding(True, f"Made here for {delivery.recipient} on {delivery.created_at:%Y-%m-%d}")
    yield Finding(
        delivery.count == listing["signatures"],
        f"{listing['signatures']} signatures in the manifest, {delivery.count} in the ledger's record",
    )
    # The manifest can't hold the letter's hash, because the letter prints the manifest's hash.
    recorded = delivery.files.filter(name=manifest.LETTER).values_list("sha256", flat=True).first()
    if letter == recorded and letter:
        yield Finding(True, f"{manifest.LETTER}: SHA-256 as recorded")
    elif letter != recorded:
        what = "missing" if letter is None else "changed since it was made"
        yield Finding(False, f"{manifest.LETTER}: {what}")
    if delivery.state == Delivery.State.DELIVERED:
        yield Finding(True, f"Handed over on {delivery.delivered_on:%Y-%m-%d}")
    gone = selection.withdrawn_since(delivery)
    if gone:
        numbers = ", ".join(map(str, gone[:20])) + (" …" if len(gone) > 20 else "")
        yield Finding(True, f"{len(gone)} do not count any more: numbers {numbers}")
    else:
        yield Finding(True, "All of them still count")


def _get_letter(archive: zipfile.ZipFile) -> str | None:
    """The SHA-256 of the letter in an open ``ZipFile``, or None if there is no letter."""
    if manifest.LETTER not in archive.namelist():
        return None
    with archive.open(manifest.LETTER) as file:
        _size, sha256 = manifest.hash_file(file)
    return sha256
