"""One manifest over all parts of a split delivery, and the check of the parts' files against it."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

from django.utils.translation import gettext as _

from wagtail_petition.clock import utc_date
from wagtail_petition.formats import listed, number
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.delivery_split import DeliverySplit
from wagtail_petition.moments import iso

from . import manifest, parts
from .manifest import Finding
from .membership import Members

FORMAT = "wagtail_petition split 1"
NAME = "split-manifest.json"
# How many numbers of signatures in two parts are named.
NAMED = 20


def make(split: DeliverySplit) -> dict[str, Any]:
    """The manifest of ``split``: the same in every language, until a part or the title changes.

    Takes two queries, however many parts there are. All of them must have been made.
    """
    every, repeated, entries = Members(), Members(), []
    deliveries = list(split.parts.prefetch_related("files").order_by("pk"))
    for delivery in deliveries:
        members = Members(delivery.members if delivery.state in parts.MADE else b"")
        repeated |= every & members
        every |= members
        entries.append(_entry(delivery, members))
    return {
        "format": FORMAT,
        "split": str(split.uid),
        "petition": {"key": str(split.petition.key), "title": split.petition.title},
        "by": split.by,
        "created_at": iso(split.created_at),
        "range": {"first": deliveries[0].first_number, "last": deliveries[0].last_number},
        "signatures_when_split": split.count,
        "signatures": len(every),
        "in_more_than_one_part": list(repeated),
        "parts": entries,
    }


def _entry(delivery: Delivery, members: Members) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "label": delivery.part_label,
        "filters": delivery.filters,
        "recipient": {"name": delivery.recipient, "office": delivery.office},
        "signatures": len(members),
        "numbers": {"first": next(iter(members), None), "last": members.last},
        "manifest_sha256": delivery.manifest_sha256,
        "files": [
            {"name": file.name, "size": file.size, "sha256": file.sha256}
            for file in delivery.files.all()
        ],
    }
    if delivery.state == Delivery.State.CANCELLED:
        entry |= {"cancelled": True, "manifest_sha256": ""}
    if delivery.files_deleted_at:
        entry["files_deleted_on"] = utc_date(delivery.files_deleted_at).isoformat()
    return entry


class Place(Protocol):
    """A folder, or a ZIP file in the place of one."""

    def __truediv__(self, name: str) -> Any: ...


class Bundle(NamedTuple):
    """A manifest over parts, as read, and where the parts are."""

    listing: dict[str, Any]
    folder: Place


def is_bundle(path: str) -> bool:
    """Whether ``path`` is a folder, a JSON file or a ZIP file with all parts, not one delivery."""
    if Path(path).is_dir() or path.endswith(".json"):
        return True
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return NAME in archive.namelist()


@contextmanager
def opened(path: str) -> Iterator[Bundle]:
    """The manifest and the parts at ``path``, for which ``is_bundle`` is true.

    Raises ``OSError`` or ``KeyError`` if there is no manifest, and ``ValueError`` if it isn't one
    of ours.
    """
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield Bundle(_read(archive.read(NAME)), zipfile.Path(archive))
    else:
        file = Path(path) / NAME if Path(path).is_dir() else Path(path)
        yield Bundle(_read(file.read_bytes()), file.parent)


def _read(content: bytes) -> dict[str, Any]:
    listing = json.loads(content)
    if not isinstance(listing, dict) or listing.get("format") != FORMAT:
        raise ValueError(f"{NAME} is not of the format {FORMAT!r}.")
    return listing


def get_archive(entry: dict[str, Any]) -> dict[str, Any] | None:
    """The ZIP file of a part in the manifest, or None if the part was cancelled."""
    return next((file for file in entry["files"] if file["name"].endswith(".zip")), None)


def check_files(path: str) -> Iterator[Finding]:
    """Check the parts at ``path`` against the manifest over them. Yields ``Finding``.

    Needs no database. Raises as ``opened`` does.
    """
    with opened(path) as bundle:
        yield from _check_total(bundle.listing)
        for entry in bundle.listing["parts"]:
            for finding in _check_part(entry, bundle.folder):
                yield of_part(entry, finding)


def of_part(entry: dict[str, Any], finding: Finding) -> Finding:
    """``finding`` with the label of the part before it."""
    text = _("%(part)s: %(finding)s") % {"part": entry["label"], "finding": finding.text}
    return Finding(finding.holds, text)


def _check_total(listing):
    found = sum(entry["signatures"] for entry in listing["parts"])
    repeated = listing["in_more_than_one_part"]
    if repeated:
        numbers = listed(repeated[:NAMED]) + (" …" if len(repeated) > NAMED else "")
        yield Finding(False, _("In more than one part: numbers %(numbers)s") % {"numbers": numbers})
    text = _("Signatures in the parts together: %(found)s, in the whole: %(whole)s")
    whole = listing["signatures"]
    yield Finding(found == whole, text % {"found": number(found), "whole": number(whole)})


def _check_part(entry, folder):
    archive = get_archive(entry)
    if archive is None:
        yield Finding(True, _("cancelled; its signatures are in no part"))
        return
    name = archive["name"]
    target = folder / name
    if not target.is_file():
        text = _("%(file)s: missing")
        if date := entry.get("files_deleted_on"):
            text = _("%(file)s: missing. The site deleted it on %(date)s, as planned")
            yield Finding(False, text % {"file": name, "date": date})
        else:
            yield Finding(False, text % {"file": name})
        return
    with target.open("rb") as file:
        if manifest.hash_file(file) == (archive["size"], archive["sha256"]):
            text = _("%(file)s: %(size)s bytes, SHA-256 as listed")
            yield Finding(True, text % {"file": name, "size": number(archive["size"])})
            return
        yield Finding(False, _("%(file)s: changed since it was made") % {"file": name})
        file.seek(0)
        yield from _check_inside(file)


def _check_inside(file: IO[bytes]) -> Iterator[Finding]:
    """Which files in the changed ZIP file of a part aren't as its own manifest lists them."""
    try:
        for finding in manifest.check_files(file):
            if not finding.holds:
                yield finding
    except (zipfile.BadZipFile, KeyError, ValueError):
        yield Finding(False, _("not a delivery that can be checked"))
