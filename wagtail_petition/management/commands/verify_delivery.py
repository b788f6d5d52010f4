"""``manage.py verify_delivery FILE``: check a delivery's ZIP file."""

import zipfile
from itertools import chain

from django.core.management.base import BaseCommand, CommandError

from wagtail_petition.delivery.manifest import check_files
from wagtail_petition.delivery.verify import check_ledger


class Command(BaseCommand):
    help = "Checks a delivery's ZIP against its manifest and against the ledger."
    # With --hashes-only it needs no database.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", help="The ZIP as it was handed over.")
        parser.add_argument(
            "--hashes-only",
            action="store_true",
            help="Check the files against the manifest alone, without a database.",
        )

    def handle(self, *, file, hashes_only, **options):
        findings = check_files(file)
        if not hashes_only:
            findings = chain(findings, check_ledger(file))
        failed = 0
        try:
            for finding in findings:
                failed += not finding.holds
                self.stdout.write(f"{'holds' if finding.holds else 'FAILS'}  {finding.text}")
        except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
            raise CommandError(f"{file} is not a delivery that can be checked: {error}") from error
        if failed:
            raise CommandError(f"{failed} of these do not hold.")
        self.stdout.write("Everything holds.")
