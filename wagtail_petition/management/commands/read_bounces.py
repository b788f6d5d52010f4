"""``manage.py read_bounces``: mark addresses whose emails a mail server returned."""

from collections import Counter

from django.core.management.base import BaseCommand, CommandError

from wagtail_petition.conf import settings
from wagtail_petition.mail.bounces import Found, take_in
from wagtail_petition.mail.mailboxes import MailboxError, open_mailbox


class Command(BaseCommand):
    help = (
        "Reads the mailbox that mail servers return emails to (the setting BOUNCE_MAILBOX), and "
        "marks addresses that don't exist as bounced. Run it from cron, for example hourly."
    )

    def handle(self, **options):
        if not settings.BOUNCE_MAILBOX:
            raise CommandError('Set WAGTAIL_PETITION["BOUNCE_MAILBOX"] to the mailbox to read.')
        found: Counter[Found] = Counter()
        try:
            with open_mailbox(settings.BOUNCE_MAILBOX) as mailbox:
                for name, content in mailbox.unread():
                    what = take_in(content)
                    found[what] += 1
                    # Other emails are for people.
                    if what is not Found.OTHER:
                        mailbox.mark_read(name)
        except MailboxError as error:
            raise CommandError(f"The mailbox could not be read. {error}") from error
        self.stdout.write(
            f"Bounced: {found[Found.BOUNCED]}. Other failures: {found[Found.PASSING]}. "
            f"Left unread: {found[Found.OTHER]}."
        )
