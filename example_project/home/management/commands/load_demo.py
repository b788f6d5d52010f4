"""Creates the demo: the organisation's site in two languages, its petition, people who signed."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from home.demo.deliveries import make_deliveries
from home.demo.pages import ABOUT, HOME, PRIVACY
from home.demo.petition import petition_fields
from home.demo.signers import confirmed_signers, unconfirmed_signers
from home.demo.translate import translate
from home.demo.users import PASSWORD, create_users
from home.models import HomePage, StandardPage
from wagtail_petition import ledger
from wagtail_petition.models import OutgoingEmail, PetitionPage


class Command(BaseCommand):
    help = "Creates the demo site with its petition. Running it twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--address",
            default="127.0.0.1:8000",
            help="Where the site is served: links in mails lead there (default: %(default)s).",
        )

    def handle(self, *, address, **options):
        hostname, _colon, port = address.partition(":")
        where = {"hostname": hostname, "port": int(port or 80)}
        if HomePage.objects.exists():
            Site.objects.filter(is_default_site=True).update(**where)
            self.stdout.write("The demo is there already; nothing was changed.")
            return
        # All of it or nothing: what is half there would look complete to the next run.
        with transaction.atomic():
            english = Locale.objects.get_or_create(language_code="en")[0]
            italian = Locale.objects.get_or_create(language_code="it")[0]
            home = _create_home(english, where)
            petition = _publish(home, _petition(english))
            about = _publish(home, StandardPage(**ABOUT, locale=english))
            privacy = _publish(home, StandardPage(**PRIVACY, locale=english))
            home.petitions = [("petition", {"page": petition})]
            home.save_revision().publish()
            home_in_italian = home.copy_for_translation(italian)
            admin = create_users([home, home_in_italian])
            for page in (home, petition, about, privacy):
                translate(type(page).objects.get(pk=page.pk), italian, admin)
            count = _sign({"en": petition, "it": petition.get_translation(italian)})
        make_deliveries(petition, admin)
        self.stdout.write(
            f"Created the demo: {petition.full_url} with {count} signatures, in English and "
            f"Italian.\nUsers: admin, editor and manager, each with the password {PASSWORD}."
        )


def _create_home(locale, where):
    root = Page.get_first_root_node()
    # What a new Wagtail site starts with.
    Page.objects.filter(depth=2, slug="home").delete()
    root.refresh_from_db()
    home = _publish(root, HomePage(**HOME, locale=locale))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"site_name": "US Citizens in Italy", "root_page": home, **where},
    )
    return home


def _petition(locale):
    now = timezone.localtime()
    # Open for more than a year, whenever it is loaded.
    closes_at = now.replace(year=now.year + 1, month=12, day=31, hour=23, minute=59, second=0)
    return PetitionPage(**petition_fields(), closes_at=closes_at, locale=locale)


def _publish(parent, page):
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def _sign(pages):
    """Let people sign ``pages``, a page per language. Returns how many signatures count."""
    texts = {
        language: ledger.get_or_create_text(page.get_text_to_sign())
        for language, page in pages.items()
    }
    petition = ledger.ensure_petition(pages["en"])
    recorded = ledger.record_import(petition, confirmed_signers(texts))
    for personal in unconfirmed_signers():
        ledger.sign(pages[personal.pop("language")], **personal)
    # Nobody waits for a mail that goes to an invented address.
    OutgoingEmail.objects.update(state=OutgoingEmail.State.SENT, sent_at=timezone.now())
    return len(recorded)
