"""Email addresses: the form in which they are kept, and the one by which they are compared."""

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import unquote

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email

# What a copied address is wrapped in: zero widths, marks and isolates of direction, byte order marks.
INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
WRAPPED = re.compile(rf"^[\s{INVISIBLE}]+|[\s{INVISIBLE}]+$")
UNSEEN = re.compile(rf"[{INVISIBLE}]")
# A name and the address in brackets, as mail programs copy it; not two addresses.
WITH_NAME = re.compile(r"[^<>@]*<([^<>@]+@[^<>@]+)>")


def normalise_email(address: str) -> str:
    """The address to send to: what was pasted around it is dropped, the domain in lower case.

    Takes ``Name <a@b>``, ``mailto:a@b``, a full-width ＠, and blanks or invisible characters at
    the ends. Raises ValidationError if there is no address, with words for the person who typed it.
    """
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
        # Django's mail backends can't write to it, and hardly any mailbox has such an address.
        raise _no_such_letters(found.normalized)
    return found.normalized


def _unwrapped(text: str) -> str:
    text = unicodedata.normalize("NFC", WRAPPED.sub("", text)).replace("＠", "@")
    # A line break within is no part of a name, but of an attempt to add a header.
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


def ascii_domain(domain: str) -> str:
    """A domain as mail servers know it (IDNA 2008), in lower case."""
    return validate_email(
        f"a@{domain}", check_deliverability=False, test_environment=django_settings.DEBUG
    ).ascii_domain


class Mailboxes(NamedTuple):
    """How a provider of mailboxes reads addresses: which are one mailbox.

    ``domain`` stands for all of its domains, on which a name is the same person's. ``ignored`` are
    characters that it does not tell addresses apart by, and ``same`` (a, b) reads a like b.
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
# A name at Yahoo holds no hyphen. What follows one is chosen anew for each disposable address;
# what stands before need not be the name of its person, so the hyphen stays.
YAHOO = re.compile(r"(?:yahoo\.[a-z.]+|ymail\.com|rocketmail\.com)")


def email_key(address: str) -> str:
    """What tells two signers apart: the canonical form of a normalised address.

    The local part in NFKC and case-folded, without ``+tag``; the domain in IDNA. Where a provider
    takes several addresses for one mailbox (``PROVIDERS``, ``YAHOO``), one stands for all.
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
    """The canonical form as it was made at first, when Gmail was the only provider known.

    Rules and hashes that were kept then hold it still.
    """
    local, domain = _plain_parts(address)
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{domain}"


def _plain_parts(address: str) -> tuple[str, str]:
    local, _at, domain = address.rpartition("@")
    # Folding may decompose and composing may fold again: repeat what NFKC_Casefold defines.
    local = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", local).casefold())
    local = unicodedata.normalize("NFKC", local.casefold())
    return local.partition("+")[0] or local, ascii_domain(domain)
