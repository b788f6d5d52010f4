"""Send one broken file through an import, with everything that a person can choose at random."""

import io
import random
from contextlib import suppress

from django.core.management import CommandError, call_command

from wagtail_petition.imports import batches, mapping, report
from wagtail_petition.imports import run as imports
from wagtail_petition.imports.mapping import MEANINGS, Options
from wagtail_petition.imports.processing import go_through
from wagtail_petition.imports.reading import DELIMITERS, ENCODINGS, Layout, Unreadable, inspect
from wagtail_petition.models import ImportBatch
from wagtail_petition.storage import work_folder

from .damage import make_file


def try_file(number, petition, text, folder):
    """Send one file through. Returns its kind, and whether it was "read" or "refused"."""
    kind, data = make_file(number)
    rng = random.Random(f"chosen {number}")
    path = folder / "file"
    path.write_bytes(data)
    options = {"petition": str(petition.key), "verbosity": 0, "stdout": io.StringIO()}
    with suppress(CommandError):
        call_command("import_signatures", path, dry_run=rng.random() < 0.5, **options)
    try:
        batch = _prepared(rng, data, petition, text)
    except Unreadable:
        return kind, "refused"
    if batches.problems(batch):
        return kind, "refused"
    with suppress(Unreadable), work_folder("import") as work:
        check = go_through(batch, io.BytesIO(data), work)
        assert sum(check.counts.values()) == check.rows
    if rng.random() < 0.3:
        _import(batch, data)
    return kind, "read"


def _prepared(rng, data, petition, text):
    """An unsaved batch for the file, described by choices at random."""
    layout = None
    if rng.random() < 0.3:
        with suppress(Unreadable):
            guessed = inspect(io.BytesIO(data)).layout
            layout = Layout(
                guessed.kind,
                rng.choice(("", *ENCODINGS)) if guessed.kind == "csv" else "",
                rng.choice(("", *DELIMITERS)) if guessed.kind == "csv" else "",
                rng.choice(("", "", "Notes", "Sheet1")),
            )
    inspection = inspect(io.BytesIO(data), layout)
    proposed = mapping.propose(inspection, petition)
    # All columns, or one of them, become something else.
    chosen = rng.choice((inspection.headings, [rng.choice(inspection.headings)], [], []))
    for heading in chosen:
        proposed.columns[heading] = rng.choice(("", *MEANINGS, "answer:state", "answer:gone"))
    batch = ImportBatch(petition=petition, file_name="file", consent=rng.choice(("", "There")))
    options = Options(
        date_order=rng.choice(("dmy", "mdy")),
        default_date="2026-01-01",
        default_country=rng.choice(("", "IT")),
        name_split=rng.choice(("last_blank", "none")),
        distrusted_country=rng.choice(("", "US")),
    )
    batches.describe(batch, inspection, proposed, options)
    batch.options["is_guarded"] = rng.random() < 0.5
    batch.ticked = rng.choice(([], True))
    batch.signed_text = text
    return batch


def _import(described, data):
    batch = batches.create(described.petition, io.BytesIO(data), "file")
    for name in batches.DESCRIBED:
        setattr(batch, name, getattr(described, name))
    batch.save()
    with suppress(Unreadable):
        imports.import_now(batch)
        with suppress(FileNotFoundError):
            b"".join(report.rejected_csv(batch))
    batches.drop_files(batch)
