"""The manifest: what a delivery contains, with checksums; and the check of a ZIP against it."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from os import PathLike
from typing import IO, Any, NamedTuple

FORMAT = "wagtail_petition delivery 1"
NAME = "manifest.json"
LETTER = "letter.pdf"


class Finding(NamedTuple):
    """One line of a check: what was looked at, and whether it holds."""

    holds: bool
    text: str


def as_bytes(manifest: Mapping[str, Any]) -> bytes:
    """The manifest as the bytes whose SHA-256 is printed in the letter: the same each time."""
    return (json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def hash_file(file: IO[bytes]) -> tuple[int, str]:
    """(size, SHA-256) of a binary file object, read in pieces."""
    digest, size = hashlib.sha256(), 0
    while block := file.read(1 << 20):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


def check_files(path: str | PathLike[str]) -> Iterator[Finding]:
    """Check a delivery's ZIP by itself: yields ``Finding``; needs no database.

    Raises ``zipfile.BadZipFile`` if it is no ZIP, KeyError if it holds no manifest, and
    ValueError if the manifest is not one of ours.
    """
    with zipfile.ZipFile(path) as archive:
        manifest = read_manifest(archive)
        listed = {entry["name"]: entry for entry in manifest["files"]}
        present = set(archive.namelist())
        for name, entry in sorted(listed.items()):
            if name not in present:
                yield Finding(False, f"{name}: missing")
                continue
            with archive.open(name) as file:
                size, sha256 = hash_file(file)
            if (size, sha256) == (entry["size"], entry["sha256"]):
                yield Finding(True, f"{name}: {size} bytes, SHA-256 as listed")
            else:
                yield Finding(False, f"{name}: changed since it was made")
        for name in sorted(present - listed.keys() - {NAME, LETTER}):
            yield Finding(False, f"{name}: not listed in the manifest")


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest in an open ``ZipFile``."""
    manifest = json.loads(archive.read(NAME))
    if manifest.get("format") != FORMAT:
        raise ValueError(f"{NAME} is not of the format {FORMAT!r}.")
    return manifest


def manifest_hash(archive: zipfile.ZipFile) -> str:
    """The SHA-256 of the manifest as it lies in an open ``ZipFile``."""
    return hashlib.sha256(archive.read(NAME)).hexdigest()
