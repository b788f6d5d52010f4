"""Email addresses: the normalised form to send to, and the canonical form to compare."""

import functools
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import unquote

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email

# Invisible characters around copied addresses: zero-width, directional, byte order marks.
INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
WRAPPED = re.compile(rf"^[\s{INVISIBLE}]+|[\s{INVISIBLE}]+$")
UNSEEN = re.compile(rf"[{INVISIBLE}]")
# Most addresses: a local part that needs no quotes, and a domain, both in ASCII.
PLAIN = re.compile(
    r"([A-Za-z0-9_+\-]+(?:\.[A-Za-z0-9_+\-]+)*)@([A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)"
)
MOST_LOCAL, MOST = 64, 254
# A name and one address in brackets, as mail programs copy it.
WITH_NAME = re.compile(r"[^<>@]*<([^<>@]+@[^<>@]+)>")


def normalise_email(address: str) -> str:
    """The address to send to, with the domain in lower case.

    Accepts ``Name <a@b>``, ``mailto:a@b``, a full-width ＠, and spaces or invisible characters at
    the ends. Raises ``ValidationError`` with a message for the person if it isn't an address.
    """
    if plain := _plain_address(address):
        return plain
    text = _unwrapped(address)
    if UNSEEN.search(text):
        raise ValidationError(
            _(
                "There is an invisible character in this email address. Please type it again "
                "instead of pasting."
            ),
            code="invisible",
        )
    try:
        found = validate_email(
            text, check_deliverability=False, test_environment=django_settings.DEBUG
        )
    except EmailNotValidError as error:
        raise ValidationError(
            _("Enter an email address in the right format, like name@example.org."), code="email"
        ) from error
    if found.smtputf8:
        # Django's mail backends can't send to it, and such mailboxes are very rare.
        raise _no_such_letters(found.normalized)
    return found.normalized


def _plain_address(text: str) -> str:
    """The normalised form of an address that matches ``PLAIN``, "" for any other text.

    A fast path for imports, which read many addresses of few domains.
    """
    found = PLAIN.fullmatch(text)
    if found is None or len(text) > MOST or len(found[1]) > MOST_LOCAL:
        return ""
    domain = _plain_domain(found[2], django_settings.DEBUG)
    return f"{found[1]}@{domain}" if domain else ""


@functools.lru_cache(maxsize=10_000)
def _plain_domain(domain: str, is_test: bool) -> str:
    """The normalised form of a domain, "" if it isn't allowed."""
    try:
        return validate_email(
            f"a@{domain}", check_deliverability=False, test_environment=is_test
        ).domain
    except EmailNotValidError:
        return ""


def _unwrapped(text: str) -> str:
    text = unicodedata.normalize("NFC", WRAPPED.sub("", text)).replace("＠", "@")
    # A line break isn't part of a name: somebody tries to add a header.
    if (with_name := WITH_NAME.fullmatch(text)) and "\n" not in text and "\r" not in text:
        text = with_name[1]
    text = WRAPPED.sub("", text)
    if text[:7].lower() == "mailto:":
        text = unquote(text[7:].partition("?")[0])
    return WRAPPED.sub("", text)


def _no_such_letters(address: str) -> ValidationError:
    plain = address.replace("’", "'").replace("‘", "'")
    if plain.isascii():
        return ValidationError(
            _("Did you mean %(address)s?"), code="email", params={"address": plain}
        )
    return ValidationError(
        _(
            "We can’t send email to addresses with accents or special letters before the @. "
            "Use another address."
        ),
        code="email",
    )


@functools.lru_cache(maxsize=10_000)
def ascii_domain(domain: str) -> str:
    """A domain in the encoding of mail servers (IDNA 2008), in lower case."""
    return validate_email(
        f"a@{domain}", check_deliverability=False, test_environment=django_settings.DEBUG
    ).ascii_domain


class Mailboxes(NamedTuple):
    """Which addresses an email provider delivers to the same mailbox.

    ``domain`` replaces all of the provider's domains. ``ignored`` are characters without meaning
    in an address. ``same`` is a pair (a, b): the provider treats a like b.
    """

    domain: str
    ignored: str = ""
    same: tuple[str, str] | None = None


PROTON = Mailboxes("proton.me", ignored=".-_")
YANDEX = Mailboxes("yandex.ru", same=("-", "."))
ICLOUD = Mailboxes("icloud.com")
GMAIL = Mailboxes("gmail.com", ignored=".")
# Sources: support.google.com/mail/answer/7436150, support.apple.com/108768,
# proton.me/support/addresses-and-aliases (dots, hyphens and underscores as in its own program),
# yandex.com/support/id/authorization/email.html.
PROVIDERS = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), GMAIL),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), ICLOUD),
    **dict.fromkeys(("proton.me", "protonmail.com", "protonmail.ch", "pm.me"), PROTON),
    **{f"yandex.{end}": YANDEX for end in ("ru", "com", "by", "kz", "ua", "com.tr")},
    "ya.ru": YANDEX,
}
# Yahoo's disposable addresses are "base-keyword", and its usual ones have no hyphen. The base need
# not be the usual name, so the key keeps "base-": it can't match another person's address.
YAHOO = re.compile(r"(?:yahoo\.[a-z.]+|ymail\.com|rocketmail\.com)")


def email_key(address: str) -> str:
    """The canonical form of a normalised address. It identifies a signer.

    The local part is in NFKC, case-folded, without ``+tag``; the domain is in IDNA. All addresses
    of one mailbox (``PROVIDERS``, ``YAHOO``) have the same canonical form.
    """
    local, domain = _plain_parts(address)
    if provider := PROVIDERS.get(domain):
        bare = local.translate(str.maketrans("", "", provider.ignored))
        if provider.same:
            bare = bare.replace(*provider.same)
        local, domain = bare or local, provider.domain
    elif YAHOO.fullmatch(domain):
        name, hyphen, _keyword = local.partition("-")
        local = name + hyphen if name else local
    return f"{local}@{domain}"


def former_email_key(address: str) -> str:
    """The canonical form of an earlier version, which knew Gmail only.

    Rules and hashes stored by that version still use it.
    """
    local, domain = _plain_parts(address)
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{domain}"


def _plain_parts(address: str) -> tuple[str, str]:
    local, _at, domain = address.rpartition("@")
    if local.isascii():
        return local.lower().partition("+")[0] or local.lower(), ascii_domain(domain)
    # Twice, because folding may undo the normalisation and the reverse (Unicode NFKC_Casefold).
    local = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", local).casefold())
    local = unicodedata.normalize("NFKC", local.casefold())
    return local.partition("+")[0] or local, ascii_domain(domain)
