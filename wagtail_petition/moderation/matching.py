"""What a rule means: values in one form, and the signatures that match.

Block rules and invalidations name the same things: addresses, domains, networks, patterns.
"""

import ipaddress
import re
from collections.abc import Iterator
from itertools import islice

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Func, Q, Value
from django.utils.translation import gettext as _

from wagtail_petition.identity.emails import email_key, normalise_email
from wagtail_petition.identity.hashing import address_hash, keyed_hash
from wagtail_petition.models import BlockRule, NetworkSecret
from wagtail_petition.models.moderation import masked
from wagtail_petition.models.search import fold

# Networks are kept as keyed hashes: to find those of a range, each in it is hashed. So many are
# in an IPv4 /20, and as many households in an IPv6 /52.
MOST_NETWORKS = 4_096
MARK = re.compile(r"[0-9a-f]{32}")


def clean_address(text):
    """The canonical form of an e-mail address, in which signers are told apart."""
    return email_key(normalise_email(text))


def clean_domain(text):
    """An e-mail domain in lower case and IDNA. A leading ``@`` or ``*.`` is allowed."""
    domain = text.strip().removeprefix("@").removeprefix("*.").removeprefix(".")
    try:
        return email_key(normalise_email(f"a@{domain}")).rpartition("@")[2]
    except ValidationError as error:
        raise ValidationError(
            _("Enter a domain in the right format, like example.org."), code="domain"
        ) from error


def clean_network(text):
    """An IP address or CIDR network as a network, in its shortest form."""
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


def clean_value(kind, text):
    """The value of a ``BlockRule`` of ``kind`` in the form in which it is compared."""
    return {
        BlockRule.Kind.ADDRESS: clean_address,
        BlockRule.Kind.DOMAIN: clean_domain,
        BlockRule.Kind.NETWORK: clean_network,
    }[kind](text)


def network_marks(text):
    """What signatures from a network carry: the set of hashes with every key that still exists.

    ``text`` is a network, or such a hash itself. Returns None for a network too large to try.
    """
    if MARK.fullmatch(text):
        return {text}
    network = ipaddress.ip_network(text)
    households: Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]
    # An IPv6 household is a /64, so that is what was hashed.
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


class Like(Func):
    """SQL's LIKE: a comparison that takes no longer for many wildcards, as an expression does."""

    arg_joiner = " LIKE "
    template = r"(%(expressions)s ESCAPE '\')"
    output_field = BooleanField()


def matches(field, text):
    """Rows whose ``field`` is ``text``, in which an asterisk stands for anything."""
    escaped = re.sub(r"([\\%_])", r"\\\1", text)
    return Q(Like(field, Value(escaped.replace("*", "%"))))


def of_address(address):
    """Signatures of a canonical address, or of all that a pattern means."""
    return matches("email_key", address) if "*" in address else Q(email_key=address)


def of_domain(domain):
    """Signatures of a domain, or of one below it."""
    return Q(email_domain=domain) | Q(email_domain__endswith=f".{domain}")


def of_network(network):
    """Signatures from a network; none if it is too large to be looked for."""
    return Q(network__in=network_marks(network) or [])


# What each field of an invalidation asks of a signature.
CONDITIONS = {
    "name_pattern": lambda value: matches("name_key", fold(value)),
    "address": of_address,
    "domain": of_domain,
    "network": of_network,
    "postcode": lambda value: matches("postcode", value),
    "country": lambda value: Q(country=value),
    "signed_from": lambda value: Q(signed_at__gte=value),
    "signed_until": lambda value: Q(signed_at__lte=value),
    "source": lambda value: Q(source=value),
}


def condition(invalidation):
    """What an ``Invalidation`` asks of signatures: all of its fields that are set.

    Nothing matches one with fields that were erased.
    """
    asked = Q(pk__in=[]) if invalidation.erased_fields else Q()
    for name, value in invalidation.rule.items():
        asked &= CONDITIONS[name](value)
    return asked


def kept_value(kind, value):
    """What a ``BlockRule`` keeps of a clean value, and what is shown instead of it, if anything."""
    if kind == BlockRule.Kind.ADDRESS:
        return address_hash(value), masked(value)
    return value, ""


def block_condition(kind, value):
    """What a ``BlockRule`` asks of signatures."""
    return {
        BlockRule.Kind.ADDRESS: of_address,
        BlockRule.Kind.DOMAIN: of_domain,
        BlockRule.Kind.NETWORK: of_network,
    }[kind](value)
