"""``manage.py check_petition_counts``: compare counts and tallies with the signatures."""

from django.core.management.base import BaseCommand, CommandError

from wagtail_petition import ledger
from wagtail_petition.models import Petition


class Command(BaseCommand):
    help = "Compares each petition's count and tallies with its signatures."

    def add_arguments(self, parser):
        parser.add_argument(
            "--repair", action="store_true", help="Write the counts that the signatures show."
        )

    def handle(self, *, repair, **options):
        wrong = 0
        for petition in Petition.objects.order_by("pk"):
            differences = ledger.recount(petition, repair=repair)
            wrong += bool(differences)
            self.stdout.write(f"{petition}: {'wrong' if differences else 'right'}")
            for what, kept, counted in differences:
                self.stdout.write(f"  {what}: kept {kept}, counted {counted}")
        if wrong and not repair:
            raise CommandError(
                f"{wrong} petitions have wrong counts. Run it with --repair to mend them."
            )
        self.stdout.write(f"{wrong} petitions mended." if wrong else "All counts are right.")
