"""``manage.py clean_up_regions``: turn typed names of regions into codes."""

from django.core.management.base import BaseCommand, CommandError
from wagtail.log_actions import log

from wagtail_petition import ledger
from wagtail_petition.delivery import region_cleanup
from wagtail_petition.exports.breakdowns import countable_questions
from wagtail_petition.management.petitions import find_petition


class Command(BaseCommand):
    help = (
        "Shows which regions that people typed name a region of their country exactly (“N.Y.”, "
        "“new york”: US-NY), and changes them with --apply. Any other text stays as it is."
    )

    def add_arguments(self, parser):
        parser.add_argument("petition", help="The petition’s key or number.")
        parser.add_argument("--apply", action="store_true", help="Change them. Default: only show.")

    def handle(self, *, petition, apply, **options):
        found = find_petition(petition)
        proposals = region_cleanup.propose(found)
        for each in proposals:
            self.stdout.write(f"{each.signatures:>9}  {each.text} ({each.country}) → {each.code}")
        if not proposals:
            self.stdout.write("No text names a region exactly. Nothing to change.")
        elif not apply:
            self.stdout.write("Nothing was changed. Use --apply to change them.")
        else:
            self.apply(found, proposals)

    def apply(self, petition, proposals):
        try:
            changed, kept = region_cleanup.apply(petition, proposals)
        except region_cleanup.IsBuilding as error:
            raise CommandError(
                "A delivery of this petition is being prepared. Try again when it is ready. What "
                "was changed so far stays."
            ) from error
        log(
            petition,
            "wagtail_petition.clean_up_regions",
            data={"changed": changed, "kept": kept},
        )
        ledger.count_breakdown(petition, countable_questions(petition))
        self.stdout.write(f"{changed} changed.")
        if kept == 1:
            self.stdout.write("1 stays as it is: a delivery shows it so.")
        elif kept:
            self.stdout.write(f"{kept} stay as they are: deliveries show them so.")
