"""Files to import: store them, describe how they are read, find problems."""

import hashlib
import json
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, BinaryIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_petition.access.petitions import User
from wagtail_petition.conf import settings
from wagtail_petition.delivery.membership import Members
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.origin import Origin
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.moments import day_of_erasure
from wagtail_petition.pages.lookup import find_page
from wagtail_petition.storage import private_storage, work_folder

from . import mapping as mappings
from .mapping import Mapping, Options
from .presets import OWN
from .reading import Inspection, Layout, Unreadable, inspect
from .reading.files import check_size

State, Mode = ImportBatch.State, ImportBatch.Mode
CHUNK = 1 << 20
# For how long a request reads a file to see what is in it.
SECONDS = 2
SOURCE, REPORT, INSPECTION = "source", "rows.jsonl", "inspection.json"
# The fields with a person's choices, and all that describe how a file is read.
CHOICES = ("layout", "preset", "mapping", "options", "origin", "mode", "consent", "ticked")
DESCRIBED = (*CHOICES, "signed_text", "headings_sha256", "total")


def create(petition: Petition, file: BinaryIO, name: str, user: User | None = None) -> ImportBatch:
    """Store a file to import. Returns its batch, a draft. Raises ``Unreadable``."""
    check_size(file)
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    batch = ImportBatch(
        petition=petition,
        user=user,
        file_name=name[:255],
        sha256=digest.hexdigest(),
        size=size,
    )
    file.seek(0)
    batch.path = private_storage().save(f"{get_folder(batch)}/{SOURCE}", File(file))
    batch.save()
    return batch


@contextmanager
def opened(batch: ImportBatch):
    """Yield the batch's file, copied to this machine and open, and a work folder.

    Raises ``FileNotFoundError`` if the file has been deleted, and ``Unreadable`` if it isn't the one
    that was added.
    """
    if not batch.path:
        raise FileNotFoundError(batch.file_name)
    with work_folder("import") as folder:
        path, digest = folder / SOURCE, hashlib.sha256()
        with private_storage().open(batch.path) as kept, path.open("wb") as copy:
            while chunk := kept.read(CHUNK):
                copy.write(chunk)
                digest.update(chunk)
        if digest.hexdigest() != batch.sha256:
            raise Unreadable(_("The stored file has changed since it was added. Add it again."))
        with path.open("rb") as file:
            yield file, folder


def look_into(
    batch: ImportBatch, layout: Layout | None = None, seconds: float | None = None
) -> Inspection:
    """Inspect the batch's file, and store the inspection beside it. Raises ``Unreadable``.

    Reading stops after about this many ``seconds``.
    """
    with opened(batch) as (file, _folder):
        inspection = inspect(file, layout, seconds)
    content = json.dumps(inspection.as_data(), ensure_ascii=False).encode(errors="replace")
    _replace(batch, INSPECTION, ContentFile(content))
    return inspection


def last_look(batch: ImportBatch) -> Inspection:
    """The stored inspection of ``look_into``. Raises ``Unreadable`` and ``FileNotFoundError``."""
    try:
        with private_storage().open(f"{get_folder(batch)}/{INSPECTION}") as file:
            return Inspection.from_data(json.load(file))
    except FileNotFoundError:
        return look_into(batch, Layout(**batch.layout) if batch.layout else None, SECONDS)


def describe(
    batch: ImportBatch, inspection: Inspection, mapping: Mapping, options: Options | None = None
) -> None:
    """Set on ``batch`` how its file is read and what its columns mean. Doesn't save it.

    Empty ``options`` get defaults. The mode and the origin come from the preset.
    """
    options = options or Options()
    if batch.preset != mapping.preset_name:
        # With the same preset, keep an origin and mode that a person may have chosen.
        _take_over(batch, mapping)
    if batch.preset != OWN and batch.origin == Origin.WEB:
        batch.origin = Origin.OTHER
    options.date_order = options.date_order or mappings.date_order(inspection, mapping)
    is_text = inspection.layout.kind == "csv"
    is_ours = mapping.preset_name == OWN or inspection.headings[0].casefold() == "reason"
    options.is_guarded = is_text and is_ours
    options.default_language = options.default_language or batch.petition.source_language
    batch.layout = inspection.layout.as_data()
    batch.mapping = mapping.columns
    batch.options = options.as_data()
    batch.headings_sha256 = mappings.headings_sha256(inspection.headings)
    batch.total = inspection.rows


def get_choices_hash(batch: ImportBatch) -> str:
    """The SHA-256 of everything that was chosen for the batch: how it is read, and what for."""
    choices = [batch.signed_text_id, *(getattr(batch, name) for name in CHOICES)]
    return hashlib.sha256(json.dumps(choices, sort_keys=True).encode()).hexdigest()


def _take_over(batch: ImportBatch, mapping: Mapping) -> None:
    """Set the preset of ``mapping``, its origin, and its mode if it allows only one."""
    preset = mapping.preset
    batch.preset = mapping.preset_name
    batch.origin = preset.origin if preset else Origin.OTHER
    if preset and preset.mode:
        batch.mode = preset.mode
    elif batch.mode == Mode.NO_EMAILS:
        batch.mode = Mode.CONFIRMED


def problems(batch: ImportBatch) -> list[str]:
    """The messages on what is missing before the batch can be imported."""
    options = Options(**batch.options)
    found = mappings.problems(Mapping(batch.mapping), batch.mode)
    if batch.mode == Mode.NO_EMAILS:
        return found
    if options.date_order == "?":
        found.append(mappings.ambiguous_dates())
    if batch.signed_text is None:
        found.append(_("Say which text these people signed."))
    if not options.default_date and not {"signed_at", "confirmed_at"} & {*batch.mapping.values()}:
        found.append(_("No column holds dates. Say when these people signed."))
    if batch.mode == Mode.ASK:
        page = find_page(batch.petition.key)
        if page is None or not page.can_confirm():
            found.append(_("Nobody can confirm while the petition is offline or closed."))
    now = timezone.now()
    erase_at = batch.petition.erase_at
    promised = batch.signed_text and batch.signed_text.due_at(batch.petition)
    if erase_at and erase_at <= now:
        found.append(
            _(
                "The time is over for which this petition’s personal data is kept. What is "
                "imported would be erased at once."
            )
        )
    elif promised and promised <= now:
        found.append(
            _(
                "The text that these people signed promises that their data is erased by %(date)s. "
                "What is imported would be erased at once."
            )
            % {"date": day_of_erasure(promised)}
        )
    return found


def default_text(petition: Petition, origin: str = "") -> SignedText | None:
    """The current text of the petition's page, unsaved; None without a page.

    With ``Origin.PAPER``, that of the printable sheet.
    """
    page = find_page(petition.key, petition.source_language)
    if page is None:
        return None
    return page.get_paper_text_to_sign() if origin == Origin.PAPER else page.get_text_to_sign()


def find_delivery(petition_pk: int, signatures: QuerySet[Signature]) -> str:
    """The recipient of a delivery with some of ``signatures``, or which may get them when built.

    "" if there is none.
    """
    at_stake = [Delivery.State.QUEUED, Delivery.State.READY, Delivery.State.DELIVERED]
    for delivery in Delivery.objects.filter(petition=petition_pk, state__in=at_stake):
        within = signatures.filter(
            number__gte=delivery.first_number, number__lte=delivery.last_number
        )
        members = Members(delivery.members)
        numbers = within.values_list("number", flat=True)
        if delivery.state == Delivery.State.QUEUED and within.exists():
            return delivery.recipient
        if any(number in members for number in numbers.iterator(chunk_size=10_000)):
            return delivery.recipient
    return ""


def newest_text(petition: Petition) -> SignedText | None:
    """The text of the petition's newest signature, or None."""
    newest = Signature.objects.filter(petition=petition).order_by("-pk")
    found = newest.select_related("signed_text").first()
    return found.signed_text if found else None


def get_folder(batch: ImportBatch) -> str:
    """The batch's folder in the private storage."""
    return f"imports/{batch.uid}"


def save_report(batch: ImportBatch, file: IO[bytes]) -> None:
    """Store the report on the rows. Replaces an earlier one."""
    _replace(batch, REPORT, File(file))


def _replace(batch: ImportBatch, name: str, content: File) -> None:
    path = f"{get_folder(batch)}/{name}"
    private_storage().delete(path)
    private_storage().save(path, content)


def open_report(batch: ImportBatch):
    """The report on the rows, as an open file. Raises ``FileNotFoundError``."""
    return private_storage().open(f"{get_folder(batch)}/{REPORT}")


def drop_files(batch: ImportBatch) -> None:
    """Delete the batch's file and the report on its rows."""
    storage, folder = private_storage(), get_folder(batch)
    try:
        _folders, names = storage.listdir(folder)
    except FileNotFoundError:
        names = []
    for name in names:
        storage.delete(str(Path(folder) / name))
    if names:
        storage.delete(folder)
    ImportBatch.objects.filter(pk=batch.pk).update(path="")


def delete_draft(batch: ImportBatch) -> bool:
    """Delete a draft with its files. Returns False if it is no draft any more."""
    # Nobody can start importing it now. If we die here, its files are deleted in time.
    ours = ImportBatch.objects.filter(pk=batch.pk, state=State.DRAFT).update(state=State.FAILED)
    if ours:
        drop_files(batch)
        batch.delete()
    return bool(ours)


def forget_files() -> int:
    """Delete files after ``EXPORT_DAYS``, and drafts never imported. Returns how many."""
    before = timezone.now() - timedelta(days=settings.EXPORT_DAYS)
    old = ImportBatch.objects.filter(created_at__lt=before).exclude(path="")
    at_work = [State.RUNNING, State.REVERTING, State.CHECKING]
    done = 0
    for batch in old.exclude(state__in=at_work):
        drop_files(batch)
        if batch.state == State.DRAFT:
            batch.delete()
        done += 1
    return done
