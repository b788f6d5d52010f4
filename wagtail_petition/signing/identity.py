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
    return found.normalized


def email_key(address):
    """What tells two signers apart: the canonical form of a normalised address.

    The local part in NFKC and case-folded, without ``+tag``; dots dropped at Gmail, which
    ignores them, and googlemail.com taken as its alias; the domain in IDNA.
    """
    local, _at, domain = address.rpartition("@")
    domain = validate_email(
        f"a@{domain}", check_deliverability=False, test_environment=django_settings.DEBUG
    ).ascii_domain
    # Folding may decompose and composing may fold again: repeat what NFKC_Casefold defines.
    local = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", local).casefold())
    local = unicodedata.normalize("NFKC", local.casefold())
    local = local.partition("+")[0] or local
    if domain in GMAIL_DOMAINS:
        local, domain = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{domain}"


def clean_name(text):
    """A name as typed, in NFC, without what only deceives the eye.

    Drops control and format characters (but not the joiners that scripts need), caps
    combining marks, and folds white space. Raises ValidationError for a link, or a start
    that a spreadsheet takes for a formula.
    """
    text = unicodedata.normalize("NFC", text)
    kept, marks = [], 0
    for char in text:
        category = unicodedata.category(char)
        if char.isspace():
            kept.append(" ")
        elif category in ("Cc", "Cs", "Co", "Cn") or (category == "Cf" and char not in JOINERS):
            continue
        elif category in ("Mn", "Me"):
            marks += 1
            if marks <= MARKS_PER_LETTER:
                kept.append(char)
            continue
        else:
            kept.append(char)
        marks = 0
    name = unicodedata.normalize("NFC", " ".join("".join(kept).split()))
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
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= settings.TRUSTED_PROXIES:
            address = hops[-settings.TRUSTED_PROXIES].strip()
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
    return salted_hmac("wagtail_petition.address", key, algorithm="sha256").hexdigest()[:32]
