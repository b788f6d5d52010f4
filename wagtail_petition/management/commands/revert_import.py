"""``manage.py revert_import``: delete the signatures of an import."""

from django.core.management.base import BaseCommand, CommandError

from wagtail_petition import ledger
from wagtail_petition.imports import run
from wagtail_petition.models import ImportBatch


class Command(BaseCommand):
    help = "Takes exactly the signatures of an import out again, unless some were delivered."

    def add_arguments(self, parser):
        parser.add_argument("batch", help="The import's number, as import_signatures said it.")

    def handle(self, *, batch, **options):
        found = None
        if str(batch).isdecimal() and len(str(batch)) < 19:
            found = ImportBatch.objects.filter(pk=batch).first()
        if found is None:
            known = "\n".join(
                f"  {b.pk}  {b.file_name}  {b.get_state_display()}"
                for b in ImportBatch.objects.all()[:20]
            )
            raise CommandError(f"There is no import {batch}. There are:\n{known}")
        try:
            reverted = run.revert_now(found)
        except ledger.NotRevertible as error:
            raise CommandError(str(error)) from error
        if reverted is None:
            raise CommandError(
                f"Import {batch} can’t be reverted: it is “{found.get_state_display()}”."
            )
        if found.state != ImportBatch.State.REVERTED:
            raise CommandError(f"Import {batch} was not fully reverted. {found.error}")
        self.stdout.write(f"Import {batch} was reverted: {reverted} signatures taken out.")
