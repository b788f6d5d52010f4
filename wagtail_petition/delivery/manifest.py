"""The manifest of a delivery, with checksums, and the check of a ZIP file against it."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from os import PathLike
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext as _

from wagtail_petition.formats import number

# A path of a ZIP file, or the open file.
Archive = str | PathLike[str] | IO[bytes]

FORMAT = "wagtail_petition delivery 1"
NAME = "manifest.json"
LETTER = "letter.pdf"


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
        manifest = read_manifest(archive)
        listed = {entry["name"]: entry for entry in manifest["files"]}
        present = set(archive.namelist())
        for name, entry in sorted(listed.items()):
            if name not in present:
                yield Finding(False, _("%(file)s: missing") % {"file": name})
                continue
            with archive.open(name) as file:
                size, sha256 = hash_file(file)
            if (size, sha256) == (entry["size"], entry["sha256"]):
                text = _("%(file)s: %(size)s bytes, SHA-256 as listed")
                yield Finding(True, text % {"file": name, "size": number(size)})
            else:
                yield Finding(False, _("%(file)s: changed since it was made") % {"file": name})
        for name in sorted(present - listed.keys() - {NAME, LETTER}):
            yield Finding(False, _("%(file)s: not listed in the manifest") % {"file": name})


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest in an open ``ZipFile``. Raises as ``check_files`` does."""
    manifest = json.loads(archive.read(NAME))
    if manifest.get("format") != FORMAT:
        raise ValueError(f"{NAME} is not of the format {FORMAT!r}.")
    return manifest


def manifest_hash(archive: zipfile.ZipFile) -> str:
    """The SHA-256 of the manifest in an open ``ZipFile``."""
    return hashlib.sha256(archive.read(NAME)).hexdigest()
