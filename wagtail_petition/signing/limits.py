"""Limits on signing from one network.

Only accepted attempts count, so refused ones don't prolong the wait. Above
``SIGNATURES_PER_NETWORK`` the next visitor is asked for one more step, above
``SIGNATURES_PER_NETWORK_AT_MOST`` to come back later.
"""

import functools
import logging
from datetime import datetime, timedelta
from typing import NamedTuple

from django.http import HttpRequest
from django.utils import timezone

from wagtail_petition.conf import settings
from wagtail_petition.identity import hashing, networks
from wagtail_petition.models.moderation import NetworkSecret, Visit
from wagtail_petition.models.petition import Petition

# One browser can use half of its network's limit. So a bot in a school's network leaves the other
# half to everybody else there.
BROWSER_SHARE = 2


# Visitors without a known IP address (a Unix socket without TRUSTED_PROXIES) share one network.
# Its limits are ``UNKNOWN_ROOM`` times as high, since it may be everybody.
UNKNOWN, UNKNOWN_ROOM = "unknown", 10

logger = logging.getLogger("wagtail_petition.signing")


class Visitor(NamedTuple):
    """Keyed hashes of a visitor's network and browser. The network may be ``UNKNOWN``."""

    network: str
    browser: str

    @property
    def known_network(self) -> str:
        """The hash to store with a signature, or "" for an unknown network."""
        return "" if self.network == UNKNOWN else self.network


def network_hash(address):
    """The keyed hash of a client's network, or "" if ``address`` is None.

    The key changes every week and is deleted later. After that, nobody can find out the network.
    """
    if address is None:
        return ""
    return hashing.keyed_hash(str(networks.get_network(address)), _present_secret())


def get_visitor(request: HttpRequest) -> Visitor:
    """The ``Visitor`` of a request."""
    network = network_hash(networks.client_address(request))
    if not network:
        _warn_of_unknown_addresses()
        network = UNKNOWN
    named = (request.headers.get(name, "") for name in ("User-Agent", "Accept-Language"))
    return Visitor(network, hashing.keyed_hash("\n".join((network, *named)), _present_secret()))


@functools.cache
def _warn_of_unknown_addresses():
    """Log an error, once per process."""
    logger.error(
        "The server gives no client addresses, so all visitors share one limit. Behind a Unix "
        'socket, let the proxy send X-Forwarded-For and set WAGTAIL_PETITION["TRUSTED_PROXIES"].'
    )


def _present_secret():
    today = timezone.now().date()
    return _get_secret(today - timedelta(days=today.weekday()))


@functools.lru_cache(maxsize=2)
def _get_secret(week):
    NetworkSecret.objects.bulk_create([NetworkSecret(week=week)], ignore_conflicts=True)
    return bytes(NetworkSecret.objects.get(week=week).secret)


class Traffic:
    """Recent accepted attempts from a visitor's network for one petition.

    One query, which reads at most as many rows as the highest limit.
    """

    def __init__(self, visitor: Visitor, petition: Petition):
        room = UNKNOWN_ROOM if visitor.network == UNKNOWN else 1
        self.soft, self.hard = (
            [(most * room, length) for most, length in windows or ()]
            for windows in (
                settings.SIGNATURES_PER_NETWORK,
                settings.SIGNATURES_PER_NETWORK_AT_MOST,
            )
        )
        windows = (*self.soft, *self.hard)
        if not windows:
            self.all, self.of_browser = [], []
            return
        longest = max(length for _most, length in windows)
        visits = Visit.objects.filter(
            network=visitor.network, petition=petition, at__gt=timezone.now() - longest
        )
        newest_first = visits.order_by("-at").values_list("at", "browser")
        rows = newest_first[: max(most for most, _length in windows)]
        self.all = [at for at, _browser in rows]
        self.of_browser = [at for at, browser in rows if browser == visitor.browser]

    @property
    def is_busy(self) -> bool:
        """Whether the next visitor is asked for one more step."""
        return _free_at(self.all, self.soft) is not None

    @property
    def wait(self) -> timedelta | None:
        """How long the next visitor has to wait; None if not at all."""
        share = [(max(1, most // BROWSER_SHARE), length) for most, length in self.hard]
        moments = (_free_at(self.all, self.hard), _free_at(self.of_browser, share))
        latest = max((moment for moment in moments if moment), default=None)
        return latest - timezone.now() if latest else None


def _free_at(moments, windows) -> datetime | None:
    """When no limit is reached any more; None if none is reached now.

    ``moments`` are the attempts, newest first. ``windows`` are (most, length of time) pairs.
    """
    now = timezone.now()
    ends = [
        moments[most - 1] + length
        for most, length in windows
        if len(moments) >= most and moments[most - 1] > now - length
    ]
    return max(ends, default=None)


def count_visit(visitor: Visitor, petition: Petition) -> None:
    """Count an accepted attempt of ``visitor``."""
    Visit.objects.create(
        network=visitor.network,
        browser=visitor.browser,
        petition=petition,
        at=timezone.now(),
    )
