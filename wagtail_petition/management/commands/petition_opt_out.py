"""``manage.py petition_opt_out``: show or set whether an address opted out of emails."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from wagtail_petition.identity.emails import normalise_email
from wagtail_petition.mail.opt_out import allow_again, is_opted_out, opt_out


class Command(BaseCommand):
    help = (
        "Says whether an address asked for no emails from petitions, or changes it for its owner. "
        "The list holds no addresses, so that one has to give the address."
    )

    def add_arguments(self, parser):
        parser.add_argument("address", help="The email address, in any spelling.")
        change = parser.add_mutually_exclusive_group()
        change.add_argument("--stop", action="store_true", help="Send no emails any more.")
        change.add_argument("--allow", action="store_true", help="Send emails again.")

    def handle(self, *, address, stop, allow, **options):
        try:
            email = normalise_email(address)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if stop:
            opt_out(email)
        if allow:
            allow_again(email)
        state = "no emails" if is_opted_out(email) else "emails"
        self.stdout.write(f"This address gets {state}.")
