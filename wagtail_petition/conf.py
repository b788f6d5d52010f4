"""The package's settings: one dict, ``WAGTAIL_PETITION``, with these defaults."""

from datetime import timedelta
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver

DEFAULTS: dict[str, Any] = {
    # The site's own base template. It needs no more than a ``content`` block.
    "BASE_TEMPLATE": "base.html",
    # Scheme and host at which the package's own views answer, where the page's Wagtail site is
    # another host's: "https://api.example.org". None: the site's.
    "BASE_URL": None,
    # Where pages are shown, if another program than Wagtail shows them: a pattern, as in
    # "https://www.example.org/{language}{path}" (path, slug, language, key, id), or the dotted
    # path of a function that takes a page and returns its address. None: Wagtail's address.
    "PAGE_URL": None,
    # How many proxies of yours stand in front of the application. The client's address is
    # then the entry that the outermost of them wrote into X-Forwarded-For. 0: REMOTE_ADDR.
    "TRUSTED_PROXIES": 0,
    # How long a link to confirm works.
    "CONFIRM_LINK_AGE": timedelta(days=7),
    # How long a link to see and change one's signature shows it, from when it is first opened.
    "MANAGE_LINK_AGE": timedelta(days=30),
    # How much longer than signing a person may confirm once a petition has closed.
    "CONFIRM_GRACE": timedelta(hours=24),
    # How work that a request leaves behind (mails, deliveries) is done: "thread" (of the web
    # process), "task" (Django's task backend), "inline" (before the response is sent) or "worker"
    # (by run_petition_jobs alone).
    "BACKGROUND": "thread",
    # The sender of mails, where a petition names none. None: DEFAULT_FROM_EMAIL.
    "FROM_EMAIL": None,
    # At most so many emails to one address within 24 hours, over all petitions, that nobody there
    # has answered by confirming. Signatures from one network cause one less.
    "MAILS_PER_ADDRESS": 3,
    # At most so many mails of one petition, and of all petitions together, within an hour.
    # None: no such limit. What exceeds a limit waits; nothing is dropped.
    "MAILS_PER_PETITION_PER_HOUR": None,
    "MAILS_PER_HOUR": None,
    # From so many signatures on within so long, a network (IPv4 address, IPv6 /64) is asked for
    # one more step: to press another button. For each petition of its own.
    "SIGNATURES_PER_NETWORK": ((10, timedelta(minutes=1)), (60, timedelta(hours=1))),
    # From so many on, it has to come back later; one browser in it from half as many on.
    "SIGNATURES_PER_NETWORK_AT_MOST": ((60, timedelta(minutes=1)), (600, timedelta(hours=1))),
    # Days after which an attempt that nobody confirmed is deleted.
    "UNCONFIRMED_DAYS": 30,
    # Who may show the form in an iframe: the sources of the embed's CSP "frame-ancestors", as in
    # "'self' https://partner.example". Nothing else of the package can be framed.
    "EMBED_ANCESTORS": "*",
    # A font file for the card that is drawn where a petition has no image to share. None: DejaVu
    # Sans or another that the machine has; without any, there are
    # only cards of plain Latin letters.
    "CARD_FONT": None,
    # The storage (a key of STORAGES) for exports, imports and deliveries. None: a folder
    # "petition_files" beside MEDIA_ROOT. Never one that a web server hands out.
    "PRIVATE_STORAGE": None,
    # What one file of signatures from elsewhere may have at most: bytes, and rows.
    "IMPORT_MAX_BYTES": 500_000_000,
    "IMPORT_MAX_ROWS": 1_000_000,
    # Days after which an export that was made in the background is deleted, and a file that was
    # imported.
    "EXPORT_DAYS": 7,
    # Days after which the files of a delivery that was handed over are deleted. Its record stays.
    "DELIVERY_FILE_DAYS": 30,
    # Folders with fonts for the PDFs, besides the system's.
    "FONT_PATHS": (),
    # What a signature looks like in exported tables: a subclass of SignatureResource of yours.
    "SIGNATURE_RESOURCE": "wagtail_petition.exports.resources.SignatureResource",
    # Where the admin's Help leads: the folder of the documentation, as in
    # "https://docs.example.org/petitions/", or a pattern with {page}; a dict {language: address}
    # where it exists in several. None: the documentation that this package's metadata names.
    "DOCS_URL": None,
    # A proof of work in the form (needs the extra ``altcha``): off unless you are under attack.
    "ALTCHA": False,
}


class Settings:
    """Attribute access to ``WAGTAIL_PETITION``; a missing key has its default.

    Raises ImproperlyConfigured for a key that isn't in ``DEFAULTS``, since a mistyped
    setting that is silently ignored is found too late.
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
        """Forget what was read, so that the next access reads Django's settings again."""
        self.__dict__.clear()


settings = Settings()


@receiver(setting_changed)
def _reload(*, setting: str, **kwargs: Any) -> None:
    if setting == "WAGTAIL_PETITION":
        settings.reload()
