"""Find the block rules for email addresses: when people sign, and when they are imported."""

from collections.abc import Iterable

from wagtail_petition.identity.emails import ascii_domain, email_key, former_email_key
from wagtail_petition.identity.hashing import known_address_hashes
from wagtail_petition.models.moderation import BlockRule


def rule_values(email: str) -> set[str]:
    """The values of rules that apply to ``email`` (normalised).

    The address or its hash, its domain, and all parent domains. No value is both, so addresses and
    domains can share one query.
    """
    keys = email_key(email), former_email_key(email)
    domains = {address.rpartition("@")[2] for address in (*keys, email)}
    values = {*keys, *known_address_hashes(*keys)}
    for domain in map(ascii_domain, domains):
        labels = domain.split(".")
        values |= {".".join(labels[i:]) for i in range(len(labels))}
    return values


def find_blocked(emails: Iterable[str]) -> set[str]:
    """Those of ``emails`` (normalised) that a rule blocks and no other rule allows."""
    rules = BlockRule.objects.exclude(kind=BlockRule.Kind.NETWORK)
    if not rules.exists():
        return set()
    values = {email: rule_values(email) for email in emails}
    wanted = {value for found in values.values() for value in found}
    effects = dict(rules.filter(value__in=sorted(wanted)).values_list("value", "effect"))
    found = {email: {effects.get(value) for value in each} for email, each in values.items()}
    block, allow = BlockRule.Effect.BLOCK, BlockRule.Effect.ALLOW
    return {email for email, each in found.items() if block in each and allow not in each}
