"""The IP address of a client, and its network."""

import ipaddress
import re

from django.http import HttpRequest

from wagtail_petition.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(request: HttpRequest) -> Address | None:
    """The client's IP address, or None if the server gives none (a Unix socket).

    This is ``REMOTE_ADDR``. With ``TRUSTED_PROXIES = n`` it is the n-th entry of
    ``X-Forwarded-For`` from the right. Entries further left come from the client and can't be
    trusted.
    """
    text = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = [h.strip() for h in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if hops != [""] and len(hops) >= settings.TRUSTED_PROXIES:
            text = hops[-settings.TRUSTED_PROXIES]
    # Some proxies add the port: 192.0.2.7:4711, [2001:db8::1]:4711.
    with_port = re.fullmatch(r"\[(.+)\](?::\d+)?|([\d.]+):\d+", text)
    if with_port:
        text = with_port[1] or with_port[2]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def get_network(address: Address) -> Network:
    """The network of a household or office: the IPv4 address, or the IPv6 /64."""
    if address.version == 6:
        return ipaddress.ip_network((int(address) >> 64 << 64, 64))
    return ipaddress.ip_network(address)
