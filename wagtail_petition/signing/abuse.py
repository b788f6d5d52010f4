"""Checks against abuse: the request's origin, signs of a bot, and block rules.

A refusal has a message that says why, and what to do.
"""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils.http import is_same_domain
from django.utils.translation import gettext as _

from wagtail_petition.ledger.blocking import rule_values
from wagtail_petition.models.moderation import BlockRule

# A field that people don't see. Only bots, and some browsers' autofill, fill it in.
HONEYPOT = "fax"
# Milliseconds from the browser's request for the page to sending the form, filled in by script.
# Empty without JavaScript, or after going back. Independent of any cache.
ELAPSED = "elapsed"
FASTEST_PERSON = 1500


class Refused(Exception):
    """The signature is refused.

    ``message`` is for the person, ``status`` is the HTTP status. ``retry_after`` is the number of
    seconds after which the same request will be accepted, None for never.
    """

    def __init__(self, message: str, status: int, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.retry_after = retry_after


def comes_from_our_page(request: HttpRequest) -> bool:
    """Whether the browser's headers say that one of our pages sent the request.

    Replaces the CSRF token, which would need a cookie and make the page uncacheable. A request
    without these headers doesn't come from a form in a browser.
    """
    origin = request.headers.get("Origin", "")
    if origin and origin != "null":
        return _is_trusted(origin, request.get_host())
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _is_trusted(origin, own_host):
    """Whether ``origin`` is our own host's, or matches CSRF_TRUSTED_ORIGINS as in Django."""
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


def is_suspicious(data: QueryDict) -> bool:
    """Whether the POST data looks like a bot's."""
    if data.get(HONEYPOT):
        return True
    elapsed = data.get(ELAPSED, "")
    return elapsed.isdecimal() and len(elapsed) < 10 and int(elapsed) < FASTEST_PERSON


def check_rules(email: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
    """Raise ``Refused`` if a block rule applies, unless another rule allows it.

    ``email`` is normalised, ``address`` is the client's IP address or None. Returns whether a
    rule says that this network may always sign.
    """
    rules = BlockRule.objects.filter(
        Q(kind=BlockRule.Kind.NETWORK) | Q(value__in=rule_values(email))
    )
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
