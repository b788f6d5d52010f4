"""Clean the values of block rules and invalidations, and match signatures.

Both kinds of rules use addresses, domains, networks and patterns.
"""

import ipaddress
import re
from collections.abc import Callable, Iterator
from itertools import islice

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from wagtail_petition.access.search import matches
from wagtail_petition.identity.emails import email_key, normalise_email
from wagtail_petition.identity.hashing import address_hash, keyed_hash
from wagtail_petition.models import BlockRule, Invalidation, NetworkSecret
from wagtail_petition.models.moderation import masked
from wagtail_petition.models.search import fold

# Signatures hold keyed hashes of networks, so each network in a range has to be hashed. This
# covers an IPv4 /20 or an IPv6 /52.
MOST_NETWORKS = 4_096
MARK = re.compile(r"[0-9a-f]{32}")


def clean_address(text: str) -> str:
    """The canonical form of an email address. Raises ``ValidationError``."""
    return email_key(normalise_email(text))


def clean_domain(text: str) -> str:
    """An email domain in lower case and IDNA. A leading ``@`` or ``*.`` is dropped.

    Raises ``ValidationError``.
    """
    domain = text.strip().removeprefix("@").removeprefix("*.").removeprefix(".")
    try:
        return email_key(normalise_email(f"a@{domain}")).rpartition("@")[2]
    except ValidationError as error:
        raise ValidationError(
            _("Enter a domain in the right format, like example.org."), code="domain"
        ) from error


def clean_network(text: str) -> str:
    """An IP address or CIDR network in its shortest form. Raises ``ValidationError``."""
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise ValidationError(
            _("Enter an IP address or a network, like 192.0.2.7, 192.0.2.0/24 or 2001:db8::/48."),
            code="network",
        ) from error
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped is not None and network.prefixlen >= 96:
        network = ipaddress.ip_network((mapped, network.prefixlen - 96))
    return str(network)


def clean_value(kind: str, text: str) -> str:
    """The value of a ``BlockRule`` of ``kind``, cleaned for comparison."""
    clean: dict[str, Callable[[str], str]] = {
        BlockRule.Kind.ADDRESS: clean_address,
        BlockRule.Kind.DOMAIN: clean_domain,
        BlockRule.Kind.NETWORK: clean_network,
    }
    return clean[kind](text)


def network_marks(text: str) -> set[str] | None:
    """The hashes that signatures from a network may hold, with all keys that still exist.

    ``text`` is a network, or such a hash itself. Returns a set, or None if the network has more
    than ``MOST_NETWORKS``.
    """
    if MARK.fullmatch(text):
        return {text}
    network = ipaddress.ip_network(text)
    households: Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]
    # Of IPv6 addresses, the /64 was hashed.
    if network.version == 6:
        if network.prefixlen > 64:
            network = network.supernet(new_prefix=64)
        households = network.subnets(new_prefix=64)
        number = 2 ** (64 - network.prefixlen)
    else:
        households = network.subnets(new_prefix=32)
        number = network.num_addresses
    if number > MOST_NETWORKS:
        return None
    secrets = [bytes(secret) for secret in NetworkSecret.objects.values_list("secret", flat=True)]
    return {
        keyed_hash(str(household), secret)
        for household in islice(households, number)
        for secret in secrets
    }


def match_address(address: str) -> Q:
    """Matches signatures by canonical address or a pattern of addresses."""
    return matches("email_key", address) if "*" in address else Q(email_key=address)


def match_domain(domain: str) -> Q:
    """Matches signatures by email domain, including subdomains."""
    return Q(email_domain=domain) | Q(email_domain__endswith=f".{domain}")


def match_network(network: str) -> Q:
    """Matches signatures by network; none if the network is too large to search."""
    return Q(network__in=network_marks(network) or [])


# The condition for each field of an invalidation.
CONDITIONS = {
    "name_pattern": lambda value: matches("name_key", fold(value)),
    "address": match_address,
    "domain": match_domain,
    "network": match_network,
    "postcode": lambda value: matches("postcode", value),
    "country": lambda value: Q(country=value),
    "signed_from": lambda value: Q(signed_at__gte=value),
    "signed_until": lambda value: Q(signed_at__lte=value),
    "source": lambda value: Q(source=value),
}


def condition(invalidation: Invalidation) -> Q:
    """Matches signatures by all fields of an ``Invalidation`` that are set.

    Matches none if any of its fields was erased.
    """
    asked = Q(pk__in=[]) if invalidation.erased_fields else Q()
    for name, value in invalidation.rule.items():
        asked &= CONDITIONS[name](value)
    return asked


def kept_value(kind: str, value: str) -> tuple[str, str]:
    """The value and the hint of a ``BlockRule`` to store for a clean value."""
    if kind == BlockRule.Kind.ADDRESS:
        return address_hash(value), masked(value)
    return value, ""


def block_condition(kind: str, value: str) -> Q:
    """Matches signatures by the value of a ``BlockRule``."""
    match: dict[str, Callable[[str], Q]] = {
        BlockRule.Kind.ADDRESS: match_address,
        BlockRule.Kind.DOMAIN: match_domain,
        BlockRule.Kind.NETWORK: match_network,
    }
    return match[kind](value)
