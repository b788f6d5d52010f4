"""What may sign: the request's origin, bots, windows per network, block rules.

A refused person reads why and what to do. A bot learns nothing: it gets the same answer as
anybody who signed.
"""

import functools
import ipaddress
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.http import is_same_domain
from django.utils.translation import gettext as _

from wagtail_petition.conf import settings
from wagtail_petition.models.moderation import BlockRule, NetworkSecret, Visit

from . import identity

# A field no person sees. What fills it is a program.
HONEYPOT = "fax"
# Filled in by script when the form is sent: milliseconds since the page was shown. Without
# script it stays empty, and a page from a cache has no influence on it.
ELAPSED = "elapsed"
FASTEST_PERSON = 1500


class Refused(Exception):
    """A signature that isn't taken, with words for the person and the HTTP status."""

    def __init__(self, message, status):
        super().__init__(message)
        self.message = message
        self.status = status


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


def is_bot(data):
    """Whether only a program fills in a form like this (``data``: the POST data)."""
    if data.get(HONEYPOT):
        return True
    elapsed = data.get(ELAPSED, "")
    return elapsed.isdecimal() and len(elapsed) < 10 and int(elapsed) < FASTEST_PERSON


def network_hash(address):
    """What stands for the network of a client's address: a keyed hash, "" for no address.

    The key changes each week and is deleted later: then nobody can tell whose it was.
    """
    if address is None:
        return ""
    today = timezone.now().date()
    week = today - timedelta(days=today.weekday())
    return identity.keyed_hash(str(identity.network_of(address)), _secret_of(week))


@functools.lru_cache(maxsize=2)
def _secret_of(week):
    NetworkSecret.objects.bulk_create([NetworkSecret(week=week)], ignore_conflicts=True)
    return bytes(NetworkSecret.objects.get(week=week).secret)


def check_network(network, petition):
    """Count this attempt, and raise Refused if a network signs more often than people do.

    The attempt is recorded before it is counted, so that attempts at the same moment see each
    other.
    """
    windows = settings.SIGNATURES_PER_NETWORK
    if not network or not windows or petition.pk is None:
        return
    now = timezone.now()
    Visit.objects.create(network=network, petition=petition, at=now)
    counts = Visit.objects.filter(
        network=network, petition=petition, at__gt=now - max(length for _most, length in windows)
    ).aggregate(
        **{
            f"window_{i}": Count("pk", filter=Q(at__gt=now - length))
            for i, (_most, length) in enumerate(windows)
        }
    )
    if any(counts[f"window_{i}"] > most for i, (most, _length) in enumerate(windows)):
        raise Refused(
            _(
                "Many signatures came from your network just now. What you typed is still "
                "here. Wait a few minutes, then press the button again."
            ),
            429,
        )


def check_rules(email, address):
    """Raise Refused if a block rule applies, and no rule allows it.

    ``email`` is a normalised address, ``address`` the client's IP address or None.
    """
    key = identity.email_key(email)
    labels = key.rpartition("@")[2].split(".")
    # The address, its domain and every domain above. Nothing is both an address and a domain.
    values = [key, *(".".join(labels[i:]) for i in range(len(labels)))]
    rules = BlockRule.objects.filter(Q(kind=BlockRule.Kind.NETWORK) | Q(value__in=values))
    matching = [
        rule
        for rule in rules
        if rule.kind != BlockRule.Kind.NETWORK
        or (address is not None and address in ipaddress.ip_network(rule.value))
    ]
    if any(rule.effect == BlockRule.Effect.ALLOW for rule in matching):
        return
    if any(rule.kind == BlockRule.Kind.NETWORK for rule in matching):
        raise Refused(
            _(
                "Signatures from your network are not accepted, because it was misused. "
                "Sign from another network, for example with your phone."
            ),
            403,
        )
    if matching:
        raise Refused(
            _("Signatures with this e-mail address are not accepted. Use another address."), 403
        )
