"""``manage.py verify_delivery FILE``: check a delivery's ZIP file, or all parts of a split one."""

import zipfile
from itertools import chain

from django.core.management.base import BaseCommand, CommandError

from wagtail_petition.delivery import manifest, split_manifest, verify


class Command(BaseCommand):
    help = "Checks a delivery's ZIP, or all parts of a split delivery, against manifest and ledger."
    # With --hashes-only it needs no database.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            help=(
                "The ZIP as it was handed over. For a split delivery: the ZIP with all parts, or "
                f"{split_manifest.NAME} or the folder with it and the ZIPs of the parts."
            ),
        )
        parser.add_argument(
            "--hashes-only",
            action="store_true",
            help="Check the files against the manifest alone, without a database.",
        )

    def handle(self, *, file, hashes_only, **options):
        failed = 0
        try:
            for finding in check(file, hashes_only=hashes_only):
                failed += not finding.holds
                self.stdout.write(f"{'holds' if finding.holds else 'FAILS'}  {finding.text}")
        except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
            raise CommandError(f"{file} is not a delivery that can be checked: {error}") from error
        if failed:
            raise CommandError(f"{failed} of these do not hold.")
        self.stdout.write("Everything holds.")


def check(path, *, hashes_only):
    """Yield each ``Finding`` about the delivery or the parts at ``path``."""
    if split_manifest.is_bundle(path):
        files, ledger = split_manifest.check_files, verify.check_split_ledger
    else:
        files, ledger = manifest.check_files, verify.check_ledger
    return files(path) if hashes_only else chain(files(path), ledger(path))
