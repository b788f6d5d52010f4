"""Build a delivery: signatures, files, manifest, letter, and one ZIP file with all of them.

Any number of workers may call ``build_queued``; one of them builds each delivery under a lease.
If it dies, another starts again. Setting the state to "ready" is the last step, so users never
see incomplete files.
"""

import logging
import shutil
import zipfile
from collections.abc import Iterable
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from wagtail_petition import ledger
from wagtail_petition.background import leases
from wagtail_petition.background.failures import Failure, explain
from wagtail_petition.exports.writers import write_file
from wagtail_petition.images import read_rendition
from wagtail_petition.models.delivery import Delivery, DeliveryFile
from wagtail_petition.pages.lookup import find_page
from wagtail_petition.pages.mixin import PetitionPageMixin
from wagtail_petition.storage import get_folder, private_storage, work_folder

from . import contents, manifest, membership, pdf, proof, selection, typesetter
from .collect import Collected, Unsalted

logger = logging.getLogger("wagtail_petition.delivery")

State = Delivery.State
# The earliest date that ZIP can store. Fixed, so that the same delivery gives the same bytes.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
# The record lists at most this many of the signatures that were printed with codes.
CODES = 100


def build_queued() -> int:
    """Build all queued deliveries. Returns how many were built."""
    made = 0
    while delivery := leases.take(_queued(), progress=0):
        try:
            _build(delivery)
            made += 1
        except (_Outdated, Unsalted):
            # If it is still queued, it is built again at once.
            leases.held(_queued(), delivery).update(lease="", leased_until=None)
        except Exception as error:
            # The user sees the error in the admin.
            logger.exception("Delivery %s could not be made", delivery.pk)
            leases.held(_queued(), delivery).update(
                state=State.FAILED, lease="", error=explain(error)
            )
    return made


class _Outdated(Exception):
    """The delivery was cancelled, or its recipient got some of its signatures meanwhile."""


def _queued() -> QuerySet[Delivery]:
    return Delivery.objects.filter(state=State.QUEUED)


def _progress(delivery: Delivery, percent: int) -> None:
    leases.renew(_queued(), delivery, progress=percent)


def _build(delivery: Delivery) -> None:
    if "pdf" in delivery.formats:
        pdf.require_pdf()
    page = find_page(delivery.petition.key, delivery.language)
    if page is None:
        raise Failure(_("No page of this petition is online, so its letter can’t be printed."))
    page.petition = delivery.petition
    ledger.give_salts(delivery.petition_id, delivery.first_number, delivery.last_number)
    with work_folder("delivery") as folder:
        found = Collected(delivery, folder)
        _progress(delivery, 10)
        with translation.override(delivery.language):
            files = _write_tables(delivery, folder, found)
            _progress(delivery, 30)
            if "pdf" in delivery.formats:
                files += _write_volumes(delivery, page, folder, found)
        proved = found.proof.write_verifiers()
        listing = manifest.as_bytes(
            contents.describe(delivery, page, folder, found, [*files, *proved])
        )
        (folder / manifest.NAME).write_bytes(listing)
        digest = sha256(listing).hexdigest()
        if "pdf" in delivery.formats:
            _write_letter(delivery, page, folder, found, digest)
            files = [manifest.LETTER, *files]
        names = [manifest.NAME, *files]
        archive = f"delivery-{delivery.pk}.zip"
        if delivery.corrects_id:
            archive = f"delivery-{delivery.corrects_id}-corrected.zip"
        _zip(folder, archive, [*names, *proved])
        _publish(delivery, folder, [archive, *names], found, digest)


def _write_tables(delivery: Delivery, folder: Path, found: Collected) -> list[str]:
    """Write the CSV and XLSX files. Returns their names."""
    names = []
    for kind in ("csv", "xlsx"):
        if kind in delivery.formats:
            name = f"signatures.{kind}"
            write_file(folder / name, kind, found.table.header, found.rows())
            names.append(name)
    return names


def _write_volumes(
    delivery: Delivery, page: PetitionPageMixin, folder: Path, found: Collected
) -> list[str]:
    """Write the PDF volumes with the signatures. Returns their names."""
    volumes = max(-(-found.count // pdf.VOLUME), 1) if found.count else 0
    rows, address = found.printed_rows(), proof.find_address(delivery, page)
    done = iter(range(1, volumes + 1))
    names = [f"signatures-{position:03}.pdf" for position in range(1, volumes + 1)]
    jobs = (
        (
            "volume.typ",
            pdf.volume_data(
                delivery,
                page,
                list(islice(rows, pdf.VOLUME)),
                columns=found.table.printed_columns,
                position=position,
                of=volumes,
                total=found.count,
                content_sha256=found.sha256,
                root=found.proof.root,
                address=address,
            ),
            name,
        )
        for position, name in enumerate(names, 1)
    )
    found.unprintable.update(
        typesetter.typeset(
            folder,
            jobs,
            timestamp=delivery.created_at,
            on_progress=lambda: _progress(delivery, 30 + 60 * next(done) // volumes),
        )
    )
    return names


def _write_letter(delivery, page, folder, found, manifest_sha256):
    with translation.override(delivery.language):
        breakdowns = list(found.breakdowns.tables())
    data = pdf.letter_data(
        delivery,
        page,
        count=found.count,
        breakdowns=breakdowns,
        manifest_sha256=manifest_sha256,
        root=found.proof.root,
        address=proof.find_address(delivery, page),
        logos=_logos(page, folder),
    )
    jobs = [("letter.typ", data, manifest.LETTER)]
    found.unprintable.update(typesetter.typeset(folder, jobs, timestamp=delivery.created_at))


def _logos(page: PetitionPageMixin, folder: Path) -> dict[str, str]:
    """Write the sponsors' logos. Returns {sponsor: file name, or "" without a logo}.

    A logo whose image file is missing is left out.
    """
    logos = {}
    for position, block in enumerate(page.sponsors):
        name, logo = block.value.get("name"), block.value.get("logo")
        logos[name] = ""
        picture = read_rendition(logo, "max-800x400|format-png") if logo else None
        if picture is not None:
            logos[name] = f"logo-{position}.png"
            (folder / logos[name]).write_bytes(picture)
    return logos


def _zip(folder: Path, name: str, names: Iterable[str]) -> None:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in names:
            info = zipfile.ZipInfo(member, ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            with (folder / member).open("rb") as source, archive.open(info, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)


def _publish(delivery, folder, names, found, manifest_sha256):
    """Store the files in the private storage, then set the state to "ready"."""
    packed, left_out = membership.pack(found.numbers), selection.left_out(delivery)
    codes = _codes(found)
    files = []
    found.proof.keep(delivery)
    try:
        for name in names:
            files.append(_store(delivery, folder / name))
        with transaction.atomic():
            # The lock lets the second of two deliveries for one recipient see the first.
            ledger.lock(delivery.petition_id)
            if _repeats_signatures(delivery, packed):
                raise _Outdated
            if not leases.held(_queued(), delivery).update(
                state=State.READY,
                lease="",
                leased_until=None,
                progress=100,
                error="",
                count=found.count,
                left_out=left_out,
                members=packed,
                root=found.proof.root,
                previous_root=found.proof.previous,
                manifest_sha256=manifest_sha256,
                unprintable=" ".join(sorted(found.unprintable)),
                printed_as_codes=codes,
                files_deleted_at=None,
            ):
                raise _Outdated
            DeliveryFile.objects.bulk_create(files)
    except BaseException:
        for file in files:
            private_storage().delete(file.path)
        raise
    proof.drop_old(delivery, found.proof.root)


def _codes(found: Collected) -> dict[str, Any]:
    """The value of ``Delivery.printed_as_codes``."""
    every = found.with_codes()
    first = list(islice(every, CODES))
    return {"count": len(first) + sum(1 for _more in every), "first": first}


def _store(delivery: Delivery, source: Path) -> DeliveryFile:
    """Store a file in the private storage. Returns an unsaved ``DeliveryFile``."""
    with source.open("rb") as file:
        size, digest = manifest.hash_file(file)
        file.seek(0)
        path = private_storage().save(
            f"{get_folder(delivery)}/{delivery.lease}/{source.name}", File(file)
        )
    return DeliveryFile(delivery=delivery, name=source.name, path=path, size=size, sha256=digest)


def _repeats_signatures(delivery: Delivery, packed: bytes) -> bool:
    """Whether the recipient has got some of these signatures in another delivery meanwhile.

    False if the delivery may repeat signatures, or keeps the numbers that it had.
    """
    if not delivery.only_new or delivery.members:
        return False
    return not membership.Members(packed).isdisjoint(selection.already_delivered(delivery))
