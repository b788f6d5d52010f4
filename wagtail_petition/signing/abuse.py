"""What may sign: the request's origin, what programs fill in, block rules.

A refused person reads why and what to do.
"""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.db.models import Q
from django.utils.http import is_same_domain
from django.utils.translation import gettext as _

from wagtail_petition.identity import emails, hashing
from wagtail_petition.models.moderation import BlockRule

# A field no person sees. What fills it is a program, or a browser that helps too much.
HONEYPOT = "fax"
# Filled in by script when the form is sent: milliseconds since the browser asked for the page.
# Without script, or on the way back, it stays empty; a cached page has no influence on it.
ELAPSED = "elapsed"
FASTEST_PERSON = 1500


class Refused(Exception):
    """A signature that isn't taken, with words for the person and the HTTP status.

    ``retry_after``: in how many seconds the same will be taken, None for never.
    """

    def __init__(self, message, status, retry_after=None):
        super().__init__(message)
        self.message = message
        self.status = status
        self.retry_after = retry_after


def comes_from_our_page(request):
    """Whether the browser says that one of our own pages sent this.

    Instead of a CSRF token, which would make each page different and need a cookie. A request
    that says nothing about where it comes from was not sent by a browser's form.
    """
    origin = request.headers.get("Origin", "")
    if origin and origin != "null":
        return _is_trusted(origin, request.get_host())
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _is_trusted(origin, own_host):
    """Whether ``origin`` is our own host's, or one of CSRF_TRUSTED_ORIGINS, as Django reads it."""
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    if host == own_host:
        return True
    trusted = map(urlsplit, django_settings.CSRF_TRUSTED_ORIGINS)
    return any(
        origin.startswith(f"{t.scheme}://") and is_same_domain(host, t.netloc.lstrip("*"))
        for t in trusted
    )


def is_suspicious(data):
    """Whether hardly anybody but a program fills in a form like this (``data``: the POST data)."""
    if data.get(HONEYPOT):
        return True
    elapsed = data.get(ELAPSED, "")
    return elapsed.isdecimal() and len(elapsed) < 10 and int(elapsed) < FASTEST_PERSON


def check_rules(email, address):
    """Raise Refused if a block rule applies, and no rule allows it.

    ``email`` is a normalised address, ``address`` the client's IP address or None. Returns whether
    a rule says that this network may always sign.
    """
    # The address (rules made in the admin keep its hash), its domain and every domain above.
    # Nothing is both an address and a domain.
    keys = emails.email_key(email), emails.former_email_key(email)
    domains = {address.rpartition("@")[2] for address in (*keys, email)}
    values = {*keys, *hashing.known_address_hashes(*keys)}
    for domain in map(emails.ascii_domain, domains):
        labels = domain.split(".")
        values |= {".".join(labels[i:]) for i in range(len(labels))}
    rules = BlockRule.objects.filter(Q(kind=BlockRule.Kind.NETWORK) | Q(value__in=values))
    matching = [
        rule
        for rule in rules
        if rule.kind != BlockRule.Kind.NETWORK
        or (address is not None and address in ipaddress.ip_network(rule.value))
    ]
    allowing = [rule for rule in matching if rule.effect == BlockRule.Effect.ALLOW]
    if allowing:
        return any(rule.kind == BlockRule.Kind.NETWORK for rule in allowing)
    if any(rule.kind == BlockRule.Kind.NETWORK for rule in matching):
        raise Refused(
            _(
                "Signatures from your network can’t be accepted, because your network has been "
                "misused. Sign from another network, for example with your phone."
            ),
            403,
        )
    if matching:
        raise Refused(
            _("Signatures with this email address can’t be accepted. Use another address."), 403
        )
    return False
