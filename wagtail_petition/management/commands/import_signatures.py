"""``manage.py import_signatures``: import signatures of a petition from a file."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from wagtail_petition import ledger
from wagtail_petition.imports import batches, pasted, presets, run
from wagtail_petition.imports.mapping import propose
from wagtail_petition.imports.processing import go_through
from wagtail_petition.imports.reading import (
    ENCODINGS,
    Unreadable,
    inspect,
)
from wagtail_petition.ledger import ImportResult
from wagtail_petition.management import import_options
from wagtail_petition.management.petitions import find_petition
from wagtail_petition.models import ImportBatch, Origin, SignedText
from wagtail_petition.storage import work_folder

WORDS = {
    ImportResult.NEW: "new",
    ImportResult.ALREADY_HERE: "already here",
    ImportResult.ALREADY_IMPORTED: "already imported",
    ImportResult.TWICE: "twice in the file",
    ImportResult.POSSIBLE: "possible duplicates (not imported; see --include-possible-duplicates)",
    ImportResult.LEFT_OUT: "left out for good: withdrew, invalidated, or want no emails",
    ImportResult.BLOCKED: "refused by a block rule",
    ImportResult.REJECTED: "rejected",
}
WARNINGS = {
    "future": "have a date that is still to come",
    "before": "have a date before the petition was opened here",
}


class Command(BaseCommand):
    help = (
        "Imports signatures from a file: CSV, TSV, XLSX, ODS, JSON or JSON lines. What it is, its "
        "encoding and what its columns mean are found out, and can be said otherwise."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="The file.")
        parser.add_argument("--petition", required=True, help="The petition's key or number.")
        names = ", ".join(presets.get_presets())
        parser.add_argument(
            "--preset", help=f"Where the file is from, if not as found: none, {names}."
        )
        parser.add_argument(
            "--text",
            metavar="ID|FILE",
            help="Which text these people signed: the id of a stored one, or a file with its title "
            "in the first line, then the letter, then a line --- and the consent. "
            "Default: what the petition's page shows now.",
        )
        parser.add_argument(
            "--consent",
            default="",
            help="Where these people agreed that their name is shown, or to get news. Without it, "
            "no name is shown and nobody gets news.",
        )
        parser.add_argument(
            "--mode",
            choices=[ImportBatch.Mode.CONFIRMED.value, ImportBatch.Mode.ASK.value],
            default=ImportBatch.Mode.CONFIRMED.value,
            help="confirmed: they confirmed there or signed on paper, and count at once (default). "
            "ask: each gets an email and is asked to confirm here.",
        )
        parser.add_argument("--encoding", help=f"If not as found: {', '.join(ENCODINGS)}.")
        parser.add_argument("--delimiter", help="What separates the columns, if not as found.")
        parser.add_argument("--sheet", default="", help="The sheet's name. Default: the first.")
        parser.add_argument(
            "--date-order",
            choices=import_options.DATE_ORDERS,
            help="How dates like 3/4/2026 are written: dmy or mdy.",
        )
        parser.add_argument("--date", default="", help="When they signed, where no column says so.")
        parser.add_argument(
            "--time-zone", default="", help="That of dates without one. Default: TIME_ZONE."
        )
        parser.add_argument("--country", default="", help="That of people who gave none, as in IT.")
        parser.add_argument("--language", default="", help="That of people who gave none.")
        parser.add_argument("--origin", choices=Origin.values, help="If not as found.")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=MEANING",
            help="What a column means, as in 'Home town=city'; nothing after the sign leaves it "
            "out. May be repeated.",
        )
        parser.add_argument(
            "--include-possible-duplicates",
            action="store_true",
            help="Import people without an email too whose name and place are here already.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be done, and do nothing."
        )
        parser.add_argument("--json", action="store_true", help="One JSON object, for programs.")

    def handle(self, *, file, petition, **options):
        found = find_petition(petition)
        try:
            with file.open("rb") as opened:
                told = self.work(found, file.name, opened, options)
        except OSError as error:
            raise CommandError(f"{file} can’t be read: {error.strerror or error}") from error
        except Unreadable as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(told))

    def work(self, petition, name, file, options):
        """Check or import the open file. Returns the data of the JSON output."""
        inspection = inspect(file, import_options.get_layout(file, options))
        mapping = propose(inspection, petition, import_options.get_preset_name(options["preset"]))
        import_options.apply_map(mapping, options["map"])
        batch = ImportBatch(
            petition=petition,
            file_name=name,
            mode=options["mode"],
            consent=options["consent"],
            ticked=True if options["include_possible_duplicates"] else [],
        )
        batches.describe(batch, inspection, mapping, import_options.get_options(options, mapping))
        if options["origin"]:
            batch.origin = options["origin"]
        if batch.mode != ImportBatch.Mode.NO_EMAILS:
            batch.signed_text = self.text(petition, options, batch, keeps=not options["dry_run"])
        self.refuse(batch, inspection)
        if options["dry_run"]:
            with work_folder("import") as folder:
                check = go_through(batch, file, folder)
        else:
            batch, check = self.import_(batch, file, name)
        if not options["json"]:
            self.say(batch, check, inspection, mapping)
        counts = {str(result): check.counts[result] for result in ImportResult}
        # For programs, whatever can be corrected and imported later is one number.
        counts[ImportResult.REJECTED] += counts.pop(ImportResult.BLOCKED)
        return {
            "rows": check.rows,
            **counts,
            "preset": batch.preset or None,
            "encoding": inspection.layout.encoding or None,
            "delimiter": inspection.layout.delimiter or None,
            "date_order": batch.options["date_order"] or None,
            "batch": batch.pk,
        }

    def text(self, petition, options, batch, *, keeps):
        """The ``SignedText`` that these people signed. A new one is saved if ``keeps``."""
        wanted = options["text"]
        if not wanted:
            text = batches.default_text(petition, batch.origin)
            if text is None and (kept := batches.newest_text(petition)):
                return kept
            if text is None:
                raise CommandError("Say with --text which text these people signed.")
        elif wanted.isdecimal():
            text = SignedText.objects.filter(pk=wanted).first()
            if text is None:
                raise CommandError(f"There is no text {wanted}.")
            return text
        else:
            text = self.pasted(petition, Path(wanted), batch)
        return ledger.get_or_create_text(text) if keeps else text

    def pasted(self, petition, path, batch):
        try:
            content = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} can’t be read: {error}") from error
        try:
            return pasted.from_file(
                content,
                petition=petition,
                language=batch.options["default_language"] or "en",
                mapping=batch.mapping,
            )
        except ValueError as error:
            raise CommandError(f"{path}: {error}") from error

    def refuse(self, batch, inspection):
        """Raise ``CommandError`` with what is missing, if anything is."""
        found = batches.problems(batch)
        if not found:
            return
        hints = ["See --map, --date-order, --date and --text."]
        hints.append(f"The columns are: {', '.join(inspection.headings)}")
        raise CommandError("\n".join([*found, *hints]))

    def import_(self, described, file, name):
        """Store the file and import it at once. Returns the batch and the ``Check``."""
        batch = batches.create(described.petition, file, name)
        for field in batches.DESCRIBED:
            setattr(batch, field, getattr(described, field))
        batch.save()
        check = run.import_now(batch)
        if batch.state != ImportBatch.State.DONE:
            raise CommandError(f"Import {batch.pk} was not finished. {batch.error}")
        return batch, check

    def say(self, batch, check, inspection, mapping):
        """Print the results."""
        layout, preset = inspection.layout, mapping.preset
        parts = [layout.kind.upper(), layout.encoding, batch.options["date_order"]]
        if layout.delimiter:
            parts.insert(2, "tab" if layout.delimiter == "\t" else layout.delimiter)
        self.stdout.write(f"{batch.file_name}: {', '.join(part for part in parts if part)}")
        if preset:
            self.stdout.write(f"Read as: {preset.label}")
        for heading, meaning in mapping.columns.items():
            self.stdout.write(f"  {heading} → {meaning or '(left out)'}")
        if batch.signed_text:
            self.stdout.write(f"Signed text: {batch.signed_text}")
        self.stdout.write(f"{check.rows} rows")
        for result, words in WORDS.items():
            if check.counts[result] or result == ImportResult.NEW:
                self.stdout.write(f"  {check.counts[result]} {words}")
        for warning, number in check.warnings.items():
            self.stdout.write(f"  {number} {WARNINGS[warning]}")
        if batch.pk:
            self.stdout.write(f"Import {batch.pk}. Take it out again: revert_import {batch.pk}")
