"""Who somebody is: the canonical form of an e-mail address, a clean name, a client's network."""

import hashlib
import hmac
import ipaddress
import re
import unicodedata

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email

from wagtail_petition.conf import settings

GMAIL_DOMAINS = {"gmail.com", "googlemail.com"}

NAME_LENGTH = 100
# Vietnamese needs two marks on a letter, pointed and cantillated Hebrew four.
MARKS_PER_LETTER = 4
JOINERS = "\u200c\u200d"  # ZWNJ and ZWJ change how Persian and Indic names read.
UNSEEN = ("Cc", "Cs", "Co")  # Control characters, surrogates, private use.
FORMULA_STARTS = "=+-@"
LINK = re.compile(
    r"://|\bwww\.|\.(?:com|org|net|info|biz|io|co|ru|cn|xyz|top|site|online|club|shop|link|click)"
    r"(?:[/:?#\s]|$)",
    re.IGNORECASE,
)


def normalise_email(address):
    """The address to send to: trimmed, Unicode in NFC, the domain in lower case.

    Raises ValidationError if it is not an address, with words for the person who typed it.
    """
    try:
        found = validate_email(
            address.strip(), check_deliverability=False, test_environment=django_settings.DEBUG
        )
    except EmailNotValidError as error:
        raise ValidationError(
            _("Enter an e-mail address in the right format, like name@example.org."), code="email"
        ) from error
    if found.smtputf8:
        # Django's mail backends can't write to it, and hardly any mailbox has such an address.
        raise ValidationError(
            _("We can’t write to an address with special letters before the @. Use another."),
            code="email",
        )
    return found.normalized


def ascii_domain(domain):
    """A domain as mail servers know it (IDNA 2008), in lower case."""
    return validate_email(
        f"a@{domain}", check_deliverability=False, test_environment=django_settings.DEBUG
    ).ascii_domain


def email_key(address):
    """What tells two signers apart: the canonical form of a normalised address.

    The local part in NFKC and case-folded, without ``+tag``; dots dropped at Gmail, which
    ignores them, and googlemail.com taken as its alias; the domain in IDNA.
    """
    local, _at, domain = address.rpartition("@")
    domain = ascii_domain(domain)
    # Folding may decompose and composing may fold again: repeat what NFKC_Casefold defines.
    local = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", local).casefold())
    local = unicodedata.normalize("NFKC", local.casefold())
    local = local.partition("+")[0] or local
    if domain in GMAIL_DOMAINS:
        local, domain = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{domain}"


def _readable(text):
    """``text`` without what nobody sees, and with a bounded number of marks on each letter.

    Before anything else is done with it: to compose a million marks would take hours.
    """
    kept, marks = [], 0
    for char in text:
        if char.isspace():
            char = " "
        elif _is_unseen(char):
            continue
        marks = marks + 1 if _is_mark(char) else 0
        if marks <= MARKS_PER_LETTER:
            kept.append(char)
    return "".join(kept)


def _is_mark(char):
    return unicodedata.category(char) in ("Mn", "Me") or unicodedata.combining(char) != 0


def _is_unseen(char):
    category = unicodedata.category(char)
    if category == "Cf":
        return char not in JOINERS
    if category == "Cn":
        # Of what is not assigned only the noncharacters, which never will be: the rest may be
        # letters of a name, newer than this Python's tables.
        return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
    return category in UNSEEN


def clean_name(text):
    """A name as typed, in NFC, without what only deceives the eye.

    Drops control and format characters (but not the joiners that scripts need), caps
    combining marks, and folds white space. Raises ValidationError for a link, or a start
    that a spreadsheet takes for a formula.
    """
    # Composing may split a letter into more marks, and dropping may let letters compose: after
    # two rounds nothing changes any more.
    for _round in range(2):
        text = unicodedata.normalize("NFC", " ".join(_readable(text).split()))
    name = text
    if not name.strip(JOINERS):
        return ""
    if name.startswith(tuple(FORMULA_STARTS)):
        raise ValidationError(_("A name can’t start with =, +, - or @."), code="formula")
    if LINK.search(name):
        raise ValidationError(_("A name can’t contain a web address."), code="link")
    return name


def client_address(request):
    """The client's IP address, or None if the server gives none (a Unix socket).

    ``REMOTE_ADDR``, or the entry of ``X-Forwarded-For`` that the outermost of
    ``TRUSTED_PROXIES`` proxies wrote, counted from the right: what stands to its left was
    sent by the client, and is worth nothing.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = [h.strip() for h in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if hops != [""] and len(hops) >= settings.TRUSTED_PROXIES:
            address = hops[-settings.TRUSTED_PROXIES]
    # Some proxies add the port: 192.0.2.7:4711, [2001:db8::1]:4711.
    with_port = re.fullmatch(r"\[(.+)\](?::\d+)?|([\d.]+):\d+", address)
    if with_port:
        address = with_port[1] or with_port[2]
    try:
        address = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def network_of(address):
    """What one household or office shares: the IPv4 address, or the IPv6 /64."""
    if address.version == 6:
        return ipaddress.ip_network((int(address) >> 64 << 64, 64))
    return ipaddress.ip_network(address)


def keyed_hash(text, key):
    """32 hex digits that stand for ``text`` and can't be turned back without ``key`` (bytes)."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def address_hash(key):
    """What stands for an address where the address itself must not: 32 hex digits of a canonical
    e-mail, keyed with SECRET_KEY."""
    return _address_hash(key, django_settings.SECRET_KEY)


def known_address_hashes(key):
    """All that may stand for an address in what was kept before SECRET_KEY was changed."""
    secrets = [django_settings.SECRET_KEY, *django_settings.SECRET_KEY_FALLBACKS]
    return [_address_hash(key, secret) for secret in secrets]


def _address_hash(key, secret):
    salt = "wagtail_petition.address"
    return salted_hmac(salt, key, secret=secret, algorithm="sha256").hexdigest()[:32]
