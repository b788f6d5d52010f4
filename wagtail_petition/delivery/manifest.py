"""The manifest of a delivery, with checksums, and the check of a ZIP file against it."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from os import PathLike
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from wagtail_petition.formats import number

from .standalone import verify as standalone

# A path of a ZIP file, or the open file.
Archive = str | PathLike[str] | IO[bytes]

FORMAT = standalone.DELIVERY
NAME = standalone.MANIFEST
LETTER = standalone.LETTER

# What ``standalone`` finds in a delivery.
TEXTS = {
    "file.same": _("%(file)s: %(size)s bytes, SHA-256 as listed"),
    "file.changed": _("%(file)s: changed since it was made"),
    "file.missing": _("%(file)s: missing"),
    "file.unlisted": _("%(file)s: not listed in the manifest"),
    "proof.same": _("%(file)s: chain and root as listed, signatures: %(count)s"),
    "proof.unreadable": _("%(file)s: line %(line)s can’t be read"),
    "proof.order": _("%(file)s: line %(line)s, number %(number)s, is out of order"),
    "proof.link": _("%(file)s: the chain breaks at line %(line)s, number %(number)s"),
    "proof.added": _("%(file)s: rows were added; %(count)s instead of %(listed)s"),
    "proof.removed": _("%(file)s: rows were removed; %(count)s instead of %(listed)s"),
    "proof.changed": _("%(file)s: rows were changed or swapped; the root is another"),
    "table.same": _("%(file)s: has the numbers in the proof and no others"),
    "table.added": _("%(file)s: rows were added that the proof doesn’t have: %(numbers)s"),
    "table.removed": _("%(file)s: rows were removed that the proof has: %(numbers)s"),
    "table.swapped": _("%(file)s: rows were swapped: %(numbers)s"),
    "table.unreadable": _("%(file)s: row %(line)s can’t be read"),
}


class Finding(NamedTuple):
    """One line of a check: whether it passed, and its message."""

    holds: bool
    text: str


def as_bytes(manifest: Mapping[str, Any]) -> bytes:
    """The manifest as bytes, always the same. The letter prints their SHA-256."""
    return (json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def hash_file(file: IO[bytes]) -> tuple[int, str]:
    """(size in bytes, SHA-256) of a binary file, read in chunks."""
    digest, size = hashlib.sha256(), 0
    while block := file.read(1 << 20):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


def check_files(path: Archive) -> Iterator[Finding]:
    """Check a delivery's ZIP file against its own manifest. Yields ``Finding``.

    Needs no database. Raises ``zipfile.BadZipFile`` if it isn't a ZIP file, ``KeyError`` if it
    holds no manifest, and ``ValueError`` if the manifest isn't one of ours.
    """
    with zipfile.ZipFile(path) as archive:
        for finding in standalone.check_delivery(archive):
            yield Finding(finding.holds, _written(finding))


def _written(finding: standalone.Finding) -> str:
    """A finding in the active language, with its numbers."""
    values = {
        name: number(value) if isinstance(value, int) else value
        for name, value in finding.values.items()
    }
    return TEXTS[finding.code] % values


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest in an open ``ZipFile``. Raises as ``check_files`` does."""
    return standalone.read_manifest(archive)


def manifest_hash(archive: zipfile.ZipFile) -> str:
    """The SHA-256 of the manifest in an open ``ZipFile``."""
    return hashlib.sha256(archive.read(NAME)).hexdigest()
