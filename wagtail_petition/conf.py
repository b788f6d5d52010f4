"""The package's settings: one dict, ``WAGTAIL_PETITION``, with these defaults."""

from datetime import timedelta
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver

DEFAULTS: dict[str, Any] = {
    # The site's base template. It only needs a ``content`` block.
    "BASE_TEMPLATE": "base.html",
    # Scheme and host of the package's views, if they differ from those of the page's Wagtail
    # site: "https://api.example.org". None: the site's.
    "BASE_URL": None,
    # The URL of pages that another program shows: a pattern like
    # "https://www.example.org/{language}{path}" (with path, slug, language, key, id), or the dotted
    # path of a function that takes a page and returns its URL. None: Wagtail's URL.
    "PAGE_URL": None,
    # The number of your proxies in front of the application. The client's IP address is the entry
    # of X-Forwarded-For that the outermost of them wrote. 0: REMOTE_ADDR.
    "TRUSTED_PROXIES": 0,
    # How long a confirmation link works.
    "CONFIRM_LINK_AGE": timedelta(days=7),
    # How long the link to manage a signature works, counted from its first use.
    "MANAGE_LINK_AGE": timedelta(days=30),
    # How long signatures can be confirmed after the petition has closed.
    "CONFIRM_GRACE": timedelta(hours=24),
    # How background work (emails, deliveries) is run: "thread" (of the web process), "task"
    # (Django's task backend), "inline" (before the response is sent) or "worker" (only by
    # run_petition_jobs).
    "BACKGROUND": "thread",
    # The sender of emails. A page can replace its name. None: DEFAULT_FROM_EMAIL.
    "FROM_EMAIL": None,
    # Where mail servers return emails to (the envelope's sender). None: FROM_EMAIL.
    "BOUNCE_ADDRESS": None,
    # The mailbox that read_bounces reads: "imaps://user:password@mail.example.org/INBOX" or
    # "maildir:/var/mail/bounces".
    "BOUNCE_MAILBOX": None,
    # The most unanswered emails to one address within 24 hours, over all petitions. An email is
    # answered by confirming. Signatures from one network can cause one less.
    "MAILS_PER_ADDRESS": 3,
    # The most emails of one petition, and of all petitions, within an hour. None: no limit. Emails
    # above a limit are sent later.
    "MAILS_PER_PETITION_PER_HOUR": None,
    "MAILS_PER_HOUR": None,
    # Limits of signatures from one network (IPv4 address, IPv6 /64) for one petition, as (number,
    # time). Above a limit, signers have to press one more button.
    "SIGNATURES_PER_NETWORK": ((10, timedelta(minutes=1)), (60, timedelta(hours=1))),
    # Above these limits, signers have to come back later. One browser gets half of them.
    "SIGNATURES_PER_NETWORK_AT_MOST": ((60, timedelta(minutes=1)), (600, timedelta(hours=1))),
    # Days after which an unconfirmed signature is deleted.
    "UNCONFIRMED_DAYS": 30,
    # Sites that may show the form in an iframe: the sources of "frame-ancestors" in the embedded
    # form's CSP, like "'self' https://partner.example". No other view can be framed.
    "EMBED_ANCESTORS": "*",
    # The font file for the card of petitions without an image to share. None: DejaVu Sans or
    # another installed font. Without any, only cards in plain Latin letters are drawn.
    "CARD_FONT": None,
    # The storage (a key of STORAGES) for exports, imports and deliveries. None: a folder
    # "petition_files" next to MEDIA_ROOT. A web server must not serve its files.
    "PRIVATE_STORAGE": None,
    # The most bytes and rows of an imported file.
    "IMPORT_MAX_BYTES": 500_000_000,
    "IMPORT_MAX_ROWS": 1_000_000,
    # Days after which an export made in the background, or an imported file, is deleted.
    "EXPORT_DAYS": 7,
    # Days after which the files of a handed-over delivery are deleted. Its record stays.
    "DELIVERY_FILE_DAYS": 30,
    # Folders with fonts for the PDFs, in addition to the system's.
    "FONT_PATHS": (),
    # Your own schemes of where people vote, as {country: dotted path of a HomeScheme}, besides the
    # package's. None: the petition's form can't ask about that country.
    "HOME_SCHEMES": {},
    # The columns of exported tables: SignatureResource, or your subclass of it.
    "SIGNATURE_RESOURCE": "wagtail_petition.exports.resources.SignatureResource",
    # Your own files for other tools: dotted paths of ``Tool`` objects, in addition to the package's.
    "EXPORT_TOOLS": (),
    # The URL of the documentation for the admin's Help: a folder, like
    # "https://docs.example.org/petitions/", or a pattern with {page}; for several languages a dict
    # {language: URL}. None: the documentation in this package's metadata.
    "DOCS_URL": None,
    # A proof of work in the form, for use when under attack. Needs the extra ``altcha``.
    "ALTCHA": False,
}


class Settings:
    """Attribute access to ``WAGTAIL_PETITION``. A missing key has its default.

    Raises ``ImproperlyConfigured`` if ``WAGTAIL_PETITION`` holds an unknown key, so that typing
    errors are noticed.
    """

    def __getattr__(self, name: str) -> Any:
        if name not in DEFAULTS:
            raise AttributeError(f"wagtail_petition has no setting {name!r}")
        own = getattr(django_settings, "WAGTAIL_PETITION", {})
        if unknown := own.keys() - DEFAULTS.keys():
            raise ImproperlyConfigured(
                f"WAGTAIL_PETITION has unknown keys: {', '.join(sorted(unknown))}. "
                f"Known keys: {', '.join(sorted(DEFAULTS))}."
            )
        value = own.get(name, DEFAULTS[name])
        setattr(self, name, value)
        return value

    def reload(self) -> None:
        """Clear the cache, so that the next access reads Django's settings again."""
        self.__dict__.clear()


settings = Settings()


@receiver(setting_changed)
def _reload(*, setting: str, **kwargs: Any) -> None:
    if setting == "WAGTAIL_PETITION":
        settings.reload()
