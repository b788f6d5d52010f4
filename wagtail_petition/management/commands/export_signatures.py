"""``manage.py export_signatures``: write the signatures of a petition to a file."""

from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.models import F, QuerySet
from django.utils import translation
from wagtail.log_actions import log

from wagtail_petition.exports.export import describe_tool
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.exports.tools import get_format, get_tools
from wagtail_petition.exports.tools.base import EVERYONE_REFUSED
from wagtail_petition.exports.tools.people import subscribers, without_opted_out
from wagtail_petition.exports.writers import FORMATS, get_ending, write_file
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
        parser.add_argument(
            "--tool",
            metavar="NAME",
            help="Make the file that another tool imports, of people who opted in to updates: "
            f"{', '.join(get_tools())}. It is not for a spreadsheet: texts stay exactly as people "
            "typed them, and a spreadsheet may run them as formulas.",
        )
        parser.add_argument(
            "--everyone",
            action="store_true",
            help="In a file for another tool, include people who did not opt in to updates. Only "
            "if they agreed elsewhere: most tools email everybody in the file.",
        )
        parser.add_argument(
            "--answers",
            action="store_true",
            help="In a file for Action Network or OSDI, include messages and answers.",
        )
        parser.add_argument("--language", help="The language of headings and countries.")

    def handle(self, *args, petition, file, **options):
        found = find_petition(petition)
        language = options["language"] or translation.get_language()
        tool = self.tool(options)
        name = tool.name if tool else file.suffix.removeprefix(".").lower()
        if not tool and name not in FORMATS:
            raise CommandError(f"The file must end in one of: .{', .'.join(FORMATS)}")
        if tool and file.suffix.lower() != f".{tool.format.extension}":
            raise CommandError(f"The file must end in .{tool.format.extension}")
        signatures: QuerySet[Signature] = Signature.objects.filter(
            petition=found, status=options["status"]
        )
        selected = signatures.count()
        if tool:
            signatures = subscribers(signatures, everyone=options["everyone"])
        resource = self.resource(found, tool, language, options)
        header, layout = resource.get_frame(get_format(name))
        left_out = Counter()
        rows = resource.get_rows_with(
            signatures.order_by(F("number").asc(nulls_last=True), "pk"), "email"
        )
        if tool:
            rows = without_opted_out(rows, left_out)
        written = write_file(
            file, get_format(name), header, (row for row, _values in rows), **layout
        )
        try:
            log(
                found,
                "wagtail_petition.export",
                data={
                    "format": name,
                    "rows": written.rows,
                    "sha256": written.sha256,
                    "filter": {"status": options["status"]},
                    "columns": list(resource.fields),
                    **describe_tool(name, options["everyone"]),
                },
            )
        except Exception:
            # Without a log entry there must be no file.
            file.unlink()
            raise
        with file.open("rb") as opened:
            ending = get_ending(get_format(name), opened).extension
        if file.suffix.lower() != f".{ending}":
            file = file.rename(file.with_suffix(f".{ending}"))
        self.stdout.write(f"{file}: {written.rows} signatures, SHA-256 {written.sha256}")
        if tool:
            self.stdout.write(
                f"{selected - written.rows} left out: without an email, "
                f"{'' if options['everyone'] else 'not opted in to updates, '}"
                f"or unsubscribed ({left_out['opted_out']})"
            )

    def tool(self, options):
        """The ``Tool`` from the options, or None."""
        tools = get_tools()
        if options["tool"] is None:
            if options["everyone"] or options["answers"]:
                raise CommandError("--everyone and --answers need --tool.")
            return None
        if options["tool"] not in tools:
            raise CommandError(f"Tools are: {', '.join(tools)}")
        tool = tools[options["tool"]]
        if options["status"] != Signature.Status.CONFIRMED:
            raise CommandError("Only confirmed signatures are handed to other tools.")
        if options["everyone"] and not tool.takes_everyone:
            raise CommandError(str(EVERYONE_REFUSED))
        return tool

    def resource(self, petition, tool, language, options):
        """The resource with the chosen columns."""
        columns = options["columns"]
        make = tool.resource if tool else get_signature_resource
        resource = make(petitions=[petition], language=language)
        if unknown := set(columns or ()) - {*resource.fields, "answers"}:
            raise CommandError(
                f"Unknown columns: {', '.join(sorted(unknown))}. "
                f"There are: {', '.join([*resource.fields, 'answers'])}"
            )
        if tool and not columns:
            columns = tool.get_columns(answers=options["answers"])
        if columns:
            resource = make(petitions=[petition], language=language, columns=columns)
        return resource
