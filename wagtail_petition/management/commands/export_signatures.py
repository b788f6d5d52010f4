"""``manage.py export_signatures``: write the signatures of a petition to a file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.models import F
from django.utils import translation
from wagtail.log_actions import log

from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.exports.writers import FORMATS, write_file
from wagtail_petition.management.petitions import find_petition
from wagtail_petition.models import Signature


class Command(BaseCommand):
    help = "Writes a petition's signatures to a file, as the admin exports them."

    def add_arguments(self, parser):
        parser.add_argument("petition", help="The petition's key or number.")
        parser.add_argument(
            "file",
            type=Path,
            help="Where to. The ending says the format: .csv, .xlsx, .ods or .jsonl.",
        )
        parser.add_argument(
            "--status",
            choices=Signature.Status.values,
            default=Signature.Status.CONFIRMED.value,
            help="Which signatures (default: confirmed).",
        )
        parser.add_argument("--columns", nargs="+", help="Which columns (default: all).")
        parser.add_argument("--language", help="The language of headings and countries.")

    def handle(self, *args, petition, file, status, columns, language, **options):
        found = find_petition(petition)
        name = file.suffix.removeprefix(".").lower()
        if name not in FORMATS:
            raise CommandError(f"The file must end in one of: .{', .'.join(FORMATS)}")
        language = language or translation.get_language()
        resource = get_signature_resource(petitions=[found], language=language)
        if unknown := set(columns or ()) - {*resource.fields, "answers"}:
            raise CommandError(
                f"Unknown columns: {', '.join(sorted(unknown))}. "
                f"There are: {', '.join([*resource.fields, 'answers'])}"
            )
        if columns:
            resource = get_signature_resource(petitions=[found], language=language, columns=columns)
        signatures = Signature.objects.filter(petition=found, status=status)
        header, layout = resource.get_frame(FORMATS[name])
        rows = resource.get_rows(signatures.order_by(F("number").asc(nulls_last=True), "pk"))
        written = write_file(file, name, header, rows, **layout)
        try:
            log(
                found,
                "wagtail_petition.export",
                data={
                    "format": name,
                    "rows": written.rows,
                    "sha256": written.sha256,
                    "filter": {"status": status},
                    "columns": list(resource.fields),
                },
            )
        except Exception:
            # Without a log entry there must be no file.
            file.unlink()
            raise
        self.stdout.write(f"{file}: {written.rows} signatures, SHA-256 {written.sha256}")
