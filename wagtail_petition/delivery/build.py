"""Makes a delivery: signatures → files → manifest → letter → one ZIP, complete or absent.

Any number of workers may call ``build_queued``. Each delivery is made by one of them under a
lease; if that one is killed, the next makes it from the start. A delivery's files exist for
people only once the row says that it is ready, which is the last thing that happens.
"""

import json
import logging
import pickle
import shutil
import tempfile
import zipfile
from hashlib import sha256
from itertools import islice
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from wagtail_petition import __version__, leases
from wagtail_petition.conf import settings
from wagtail_petition.exchange.writers import write_file
from wagtail_petition.extras import MissingExtra
from wagtail_petition.images import read_rendition
from wagtail_petition.models.delivery import Delivery, DeliveryFile
from wagtail_petition.models.page import find_page

from . import columns, dossier, glyphs, manifest, members, selection
from .breakdowns import Breakdowns
from .storage import private_storage

logger = logging.getLogger("wagtail_petition.delivery")

State = Delivery.State
# The first moment that a ZIP can name: the same for every delivery, so that making one again
# gives the same bytes.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def build_queued():
    """Make the deliveries that wait. Returns how many were made."""
    made = 0
    while delivery := leases.take(_queued(), progress=0):
        try:
            _build(delivery)
            made += 1
        except MissingExtra as error:
            logger.error("Delivery %s could not be made: %s", delivery.pk, error)
            leases.held(_queued(), delivery).update(state=State.FAILED, lease="", error=str(error))
        except Exception as error:
            # The person who waits reads it in the admin; whoever runs the worker in the log.
            logger.exception("Delivery %s could not be made", delivery.pk)
            leases.held(_queued(), delivery).update(
                state=State.FAILED, lease="", error=f"{type(error).__name__}: {error}"
            )
    return made


def _queued():
    return Delivery.objects.filter(state=State.QUEUED)


def _progress(delivery, percent):
    leases.renew(_queued(), delivery, progress=percent)


def _build(delivery):
    if "pdf" in delivery.formats:
        dossier.require_pdf()
    page = find_page(delivery.petition.key, delivery.language)
    if page is None:
        raise LookupError(_("No page of this petition is online, so its letter can’t be printed."))
    page.petition = delivery.petition
    with tempfile.TemporaryDirectory(prefix="petition-delivery-") as folder:
        folder = Path(folder)
        found = _Collected(delivery, folder)
        _progress(delivery, 10)
        with translation.override(delivery.language):
            files = _write_tables(delivery, folder, found)
            _progress(delivery, 30)
            if "pdf" in delivery.formats:
                files += _write_volumes(delivery, page, folder, found)
        listing = manifest.as_bytes(_manifest(delivery, page, folder, found, files))
        (folder / manifest.NAME).write_bytes(listing)
        digest = sha256(listing).hexdigest()
        if "pdf" in delivery.formats:
            _write_letter(delivery, page, folder, found, digest)
            files = [manifest.LETTER, *files]
        names = [manifest.NAME, *files]
        archive = f"delivery-{delivery.pk}.zip"
        _zip(folder, archive, names)
        _publish(delivery, folder, [archive, *names], found, digest)


class _Collected:
    """One pass over the signatures: the rows in a file, and what is known of all of them."""

    def __init__(self, delivery, folder):
        self.table = columns.Table(delivery)
        self.prints = "pdf" in delivery.formats
        self.path = folder / "rows.pickle"
        self.numbers, self.characters = [], set()
        self.breakdowns = Breakdowns(delivery)
        digest = sha256()
        got = members.Members()
        if delivery.only_new:
            got = selection.already_delivered(
                delivery.petition, delivery.recipient, before=delivery
            )
        with self.path.open("wb") as file:
            signatures = selection.deliverable(delivery)
            for row, known in self.table.rows_with(signatures, *self.breakdowns.needs):
                number = self.table.get(row, "number")
                if number in got:
                    continue
                pickle.dump(row, file, pickle.HIGHEST_PROTOCOL)
                line = json.dumps(row, default=str, ensure_ascii=False)
                digest.update(line.encode() + b"\n")
                self.characters.update(line)
                self.numbers.append(number)
                self.breakdowns.add(self.table.get(row, "country"), *known)
        self.sha256 = digest.hexdigest()

    @property
    def count(self):
        return len(self.numbers)

    @cached_property
    def unprintable(self):
        """The characters that no font can print; known before anything is printed."""
        return glyphs.unprintable(self.characters, settings.FONT_PATHS) if self.prints else set()

    def printed_rows(self):
        """The rows as texts to print; what no font has is named instead: [U+1F600]."""
        names = {ord(char): f"[U+{ord(char):04X}]" for char in self.unprintable}
        for row in self.rows():
            yield [text.translate(names) for text in self.table.printed(row)]

    def rows(self):
        """The rows, one after the other."""
        with self.path.open("rb") as file:
            for _number in self.numbers:
                yield pickle.load(file)


def _write_tables(delivery, folder, found):
    """The CSV and XLSX files. Returns their names."""
    names = []
    for kind in ("csv", "xlsx"):
        if kind in delivery.formats:
            name = f"signatures.{kind}"
            write_file(folder / name, kind, found.table.header, found.rows())
            names.append(name)
    return names


def _write_volumes(delivery, page, folder, found):
    """The PDFs with the signatures. Returns their names."""
    volumes = max(-(-found.count // dossier.VOLUME), 1) if found.count else 0
    rows = found.printed_rows()
    done = iter(range(1, volumes + 1))
    names = [f"signatures-{position:03}.pdf" for position in range(1, volumes + 1)]
    jobs = (
        (
            "volume.typ",
            dossier.volume_data(
                delivery,
                page,
                list(islice(rows, dossier.VOLUME)),
                columns=found.table.printed_columns,
                position=position,
                of=volumes,
                total=found.count,
                content_sha256=found.sha256,
            ),
            name,
        )
        for position, name in enumerate(names, 1)
    )
    dossier.typeset(
        folder,
        jobs,
        timestamp=delivery.created_at,
        on_progress=lambda: _progress(delivery, 30 + 60 * next(done) // volumes),
    )
    return names


def _write_letter(delivery, page, folder, found, manifest_sha256):
    with translation.override(delivery.language):
        breakdowns = list(found.breakdowns.tables())
    data = dossier.letter_data(
        delivery,
        page,
        count=found.count,
        breakdowns=breakdowns,
        manifest_sha256=manifest_sha256,
        logos=_logos(page, folder),
    )
    dossier.typeset(folder, [("letter.typ", data, manifest.LETTER)], timestamp=delivery.created_at)


def _logos(page, folder):
    """The sponsors and, where they have one, the file of their logo: {name: file name or ""}.

    A logo whose file is missing is left out, as if there were none.
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


def _manifest(delivery, page, folder, found, files):
    entries = []
    for name in sorted(files):
        with (folder / name).open("rb") as file:
            size, digest = manifest.sha256_of(file)
        entries.append({"name": name, "size": size, "sha256": digest})
    texts = (
        selection.deliverable(delivery)
        .order_by()
        .values_list("signed_text__language", "signed_text__sha256")
    )
    return {
        "format": manifest.FORMAT,
        "petition": {"key": str(delivery.petition.key), "title": page.title},
        "texts": [
            {"language": language, "sha256": digest}
            for language, digest in sorted(texts.distinct())
        ],
        "recipient": {"name": delivery.recipient, "office": delivery.office},
        "language": delivery.language,
        "numbers": {"first": delivery.first_number, "last": delivery.last_number},
        "only_new": delivery.only_new,
        "filters": delivery.filters,
        "columns": delivery.columns,
        "breakdowns": delivery.breakdowns,
        "order": delivery.order,
        "signatures": found.count,
        "content_sha256": found.sha256,
        "left_out": selection.left_out(delivery),
        "files": entries,
        "versions": {"wagtail_petition": __version__},
    }


def _zip(folder, name, names):
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in names:
            info = zipfile.ZipInfo(member, ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            with (folder / member).open("rb") as source, archive.open(info, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)


def _publish(delivery, folder, names, found, manifest_sha256):
    """Put the files into the private storage, and then say that they are there."""
    storage = private_storage()
    files = []
    for name in names:
        path = f"deliveries/{delivery.uid}/{delivery.lease}/{name}"
        with (folder / name).open("rb") as file:
            size, digest = manifest.sha256_of(file)
            file.seek(0)
            files.append(
                DeliveryFile(
                    delivery=delivery,
                    name=name,
                    path=storage.save(path, File(file)),
                    size=size,
                    sha256=digest,
                )
            )
    with transaction.atomic():
        ready = leases.held(_queued(), delivery).update(
            state=State.READY,
            lease="",
            leased_until=None,
            progress=100,
            error="",
            count=found.count,
            left_out=selection.left_out(delivery),
            members=members.pack(found.numbers),
            manifest_sha256=manifest_sha256,
            unprintable="".join(sorted(found.unprintable)),
        )
        if ready:
            DeliveryFile.objects.bulk_create(files)
    if not ready:
        # Somebody else made it meanwhile, or it was cancelled: what we stored is of no use.
        for file in files:
            storage.delete(file.path)
