"""Type in paper sheets. Each line is recorded at once, by the same rules as the rows of files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from wagtail_petition import ledger
from wagtail_petition.access.petitions import User
from wagtail_petition.identity.sheet_numbers import line_reference
from wagtail_petition.ledger import ImportResult, Incoming
from wagtail_petition.ledger.duplicates import with_references
from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.origin import Origin
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.search import fold
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText

from . import batches
from .mapping import Options
from .platforms import PAPER, PAPER_HEADINGS
from .report import reason_for
from .rows import Rejected, RowReader
from .run import refuse_delivered
from .sheet_texts import SheetTexts, get_sheet_texts

State = ImportBatch.State
# The most lines of a sheet. Ours have 15.
LINES = 60


@dataclass(frozen=True)
class Line:
    """The outcome of a typed line: its result, a message if it isn't recorded, its signature."""

    result: ImportResult
    message: str = ""
    signature: Signature | None = None


def find_sheet(petition: Petition, number: str) -> ImportBatch | None:
    """The sheet with this number that was typed in and not reverted, or None."""
    sheets = ImportBatch.objects.filter(petition=petition, sheet=number)
    return sheets.exclude(state=State.REVERTED).select_related("user").first()


def find_file(petition: Petition, number: str) -> ImportBatch | None:
    """The imported file that holds lines of the sheet with this number, or None."""
    references = [line_reference(number, line) for line in range(1, LINES + 1)]
    imported = with_references(petition.signatures.all(), references)
    found = imported.filter(batch__sheet="").select_related("batch__user").first()
    return found.batch if found else None


def open_sheet(
    petition: Petition,
    number: str,
    *,
    day: date,
    place: str = "",
    country: str = "",
    text: SignedText | None = None,
    user: User | None = None,
) -> ImportBatch:
    """The batch of a sheet. It is created unless somebody has created it before.

    ``country`` is used for lines without one. ``text`` is the text on the sheet, saved or not, if
    its number has no mark; by default the text of the petition's page. Raises ``ValueError``
    with what is missing or wrong.
    """
    with transaction.atomic():
        ledger.lock(petition.pk)
        if found := find_sheet(petition, number):
            return found
        batch = ImportBatch(
            petition=petition,
            user=user,
            sheet=number,
            place=place,
            file_name=number,
            preset=PAPER.name,
            origin=Origin.PAPER,
            mapping=dict(PAPER_HEADINGS),
            consent=_("The box on the paper sheet."),
            state=State.DONE,
            done_at=timezone.now(),
        )
        text = SheetTexts(petition).find(number) or text or _default_text(petition)
        if text is None:
            raise ValueError(_("The petition has no page, so there is no text that was signed."))
        batch.signed_text = ledger.get_or_create_text(text)
        batch.options = Options(
            default_date=day.isoformat(),
            default_country=country,
            default_language=batch.signed_text.language,
        ).as_data()
        if missing := batches.problems(batch):
            raise ValueError(" ".join(missing))
        batch.save()
        _log(batch, "wagtail_petition.type_in", user, reason=number)
    return batch


def _default_text(petition: Petition) -> SignedText | None:
    return next((text for text, _since in get_sheet_texts(petition).values()), None)


def save_line(
    batch: ImportBatch, line: int, values: Mapping[str, str], *, is_ticked: bool = False
) -> Line:
    """Record a line of a sheet, unless it is a duplicate or can't be read.

    ``values`` is {meaning: text} as in ``MEANINGS``. ``is_ticked`` is whether a possible duplicate
    is recorded too. Sending the same line again changes nothing.
    """
    reference = line_reference(batch.sheet, line)
    typed = {**values, "sheet": batch.sheet, "line": str(line)}
    # Sheets that were opened before a field existed have it too.
    batch.mapping = dict(PAPER_HEADINGS)
    reader = RowReader(batch, list(PAPER_HEADINGS))
    try:
        person = reader.read([typed.get(meaning, "") for meaning in PAPER_HEADINGS.values()])
    except Rejected as error:
        return Line(ImportResult.REJECTED, str(error))
    signature = person.to_signature(batch.signed_text)
    incoming = Incoming(signature, tuple(person.references), is_ticked=is_ticked)
    with transaction.atomic():
        # Before the batch is read: two people may type at the same time.
        ledger.lock(batch.petition_id)
        batch.refresh_from_db(fields=["state", "position", "counts"])
        if batch.state != State.DONE:
            return Line(ImportResult.REJECTED, _("This sheet was reverted."))
        if known := Signature.objects.filter(batch=batch, origin_ref=reference).first():
            return _again(line, known, signature)
        # As if it came from another batch, so that it is compared with the sheet's other lines too.
        stranger = ImportBatch(petition=batch.petition, origin=batch.origin, mode=batch.mode)
        (result,) = ledger.sort_out(stranger, [incoming])
        if result == ImportResult.NEW:
            (result,) = ledger.import_signatures(batch, [incoming])
            _store_total(batch)
            if result == ImportResult.NEW:
                signature = Signature.objects.get(batch=batch, number=signature.number)
    if result == ImportResult.NEW:
        return Line(result, signature=signature)
    return Line(result, _message(result))


def _again(line: int, known: Signature, signature: Signature) -> Line:
    if _name(known) == _name(signature):
        return Line(ImportResult.NEW, signature=known)
    return Line(
        ImportResult.REJECTED,
        _("Line %(line)d has been saved: %(name)s. Undo it first.")
        % {"line": line, "name": str(known)},
    )


def _name(signature: Signature) -> str:
    return fold(f"{signature.given_name} {signature.family_name}")


def _message(result: ImportResult) -> str:
    return {
        ImportResult.ALREADY_HERE: _("This email address has signed already. Not added."),
        ImportResult.ALREADY_IMPORTED: _("This line was imported with a file. Not added."),
        ImportResult.BLOCKED: reason_for(result),
        ImportResult.LEFT_OUT: _(
            "This person withdrew, was invalidated or unsubscribed. Not added."
        ),
        ImportResult.POSSIBLE: _(
            "Somebody with this name and place has signed. Tick “Add anyway” if it is another "
            "person."
        ),
    }[result]


def undo_line(batch: ImportBatch, line: int, user: User | None = None) -> bool:
    """Take a line out again, as if it had not been typed. Returns whether it was there.

    Raises ``ledger.NotRevertible`` if it is in a delivery.
    """
    reference = line_reference(batch.sheet, line)
    with transaction.atomic():
        ledger.lock(batch.petition_id)
        batch.refresh_from_db(fields=["state", "position", "counts"])
        found = ledger.revertible(batch).filter(origin_ref=reference)
        pks = list(found.values_list("pk", flat=True))
        if not pks or batch.state != State.DONE:
            return False
        refuse_delivered(batch, pks)
        ledger.revert_import(batch, pks)
        batch.counts = {**batch.counts, ImportResult.NEW: max(batch.count - len(pks), 0)}
        _store_total(batch)
        _log(batch, "wagtail_petition.revert_import", user, count=len(pks), reason=reference)
    return True


def _store_total(batch: ImportBatch) -> None:
    batch.total = batch.count
    ImportBatch.objects.filter(pk=batch.pk).update(counts=batch.counts, total=batch.total)


def typed_lines(batch: ImportBatch) -> dict[int, Signature]:
    """The recorded lines of a sheet whose data isn't erased: {line: signature}, in order."""
    lines = {}
    for signature in Signature.objects.filter(batch=batch).exclude(origin_ref=""):
        line = signature.origin_ref.rpartition(" ")[2]
        if line.isdecimal():
            lines[int(line)] = signature
    return dict(sorted(lines.items()))


def _log(batch: ImportBatch, action: str, user: User | None, **data: Any) -> None:
    log(batch.petition, action, user=user, data={**data, "import": batch.pk})
