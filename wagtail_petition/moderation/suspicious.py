"""Find suspicious patterns among the newest signatures of a petition.

A finding is a hint, not proof: a school signs in a burst from one network, and common names occur
often.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median, quantiles

from disposable_email_domains import blocklist
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_petition.formats import listed
from wagtail_petition.identity.mail_domains import COMMON
from wagtail_petition.models import BlockRule, Signature
from wagtail_petition.models.petition import Petition
from wagtail_petition.moderation.matching import network_marks

Kind, Status = BlockRule.Kind, Signature.Status

# How many signatures are checked, and how many findings of each kind are shown.
NEWEST = 10_000
SHOWN = 20

# So many rules about networks are compared, the newest: each is tried with many hashes.
MOST_RULES = 50

HOUR = timedelta(hours=1)
# The number of signatures within an hour that makes a burst.
BURST = 15
# The number of signatures with one name, or with numbered addresses, that is suspicious.
ALIKE = 8
# The number of confirmations after nearly the same time that is too regular. ``SPREAD`` is
# relative, ``SHORTEST_SPREAD`` in seconds.
REGULAR = 8
SPREAD = 0.1
SHORTEST_SPREAD = 2.0

DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Finding:
    """A group of signatures with something suspicious in common.

    ``confirmed`` of the ``count`` are confirmed and can be invalidated. ``rule`` holds the fields
    of an ``Invalidation`` that matches them, ``block`` the kind and value of a ``BlockRule``, and
    ``search`` or ``filters`` what lists them. Each of the four may be missing.
    """

    what: str
    count: int
    confirmed: int
    why: str
    rule: dict = field(default_factory=dict)
    block: tuple[str, str] | tuple[()] = ()
    search: str = ""
    filters: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """The findings of one kind, those with most signatures first."""

    key: str
    heading: str
    explanation: str
    findings: list[Finding]


def report(petition: Petition) -> tuple[int, list[Section]]:
    """Check the newest signatures. Returns (number checked, list of ``Section``).

    Withdrawn and invalidated signatures aren't checked.
    """
    newest = Signature.objects.filter(petition=petition, anonymised_at=None)
    rows = list(
        newest.filter(status__in=[Status.UNCONFIRMED, Status.CONFIRMED])
        .order_by("-signed_at")
        .values_list(
            *("name_key", "email_key", "email_domain", "network"),
            *("status", "signed_at", "confirmed_at", "email_state"),
            named=True,
        )[:NEWEST]
    )
    by_network, by_domain = _grouped(rows, "network"), _grouped(rows, "email_domain")
    sections = [
        (
            "networks",
            _("Many from one network"),
            _("Schools and offices can look like this. Network data is deleted after 7 days."),
            _bursts(by_network, _network_finding),
        ),
        (
            "domains",
            _("Many from one email domain"),
            _("Within an hour, large providers excluded."),
            _bursts(
                {d: found for d, found in by_domain.items() if d not in COMMON}, _domain_finding
            ),
        ),
        (
            "names",
            _("Repeated names and numbered addresses"),
            _("The same name with many addresses, or addresses that differ only by a number."),
            [*_same_names(rows), *_numbered_addresses(rows)],
        ),
        (
            "disposable",
            _("Disposable addresses"),
            _("From known disposable email services."),
            _disposable(by_domain),
        ),
        (
            "bounced",
            _("Confirmed, but emails bounce"),
            _("One person may have closed a mailbox. Many at once may be made-up addresses."),
            _bounced(by_domain),
        ),
        (
            "regular",
            _("Confirmed at regular intervals"),
            _("People vary; scripts confirm after almost the same time."),
            [*_regular(by_network, _network_finding), *_regular(by_domain, _domain_finding)],
        ),
    ]
    return len(rows), [
        Section(key, heading, explanation, sorted(found, key=lambda f: -f.count)[:SHOWN])
        for key, heading, explanation, found in sections
    ]


def blocked_domains(findings: Iterable[Finding]) -> set[str]:
    """The domains of ``findings`` that a block rule already blocks."""
    domains = {
        value
        for finding in findings
        for kind, value in [finding.block or ("", "")]
        if kind == Kind.DOMAIN
    }
    above = {domain: _domains_above(domain) for domain in domains}
    rules = BlockRule.objects.filter(kind=Kind.DOMAIN, value__in=set().union(*above.values()))
    allowed = {rule.value for rule in rules if rule.effect == BlockRule.Effect.ALLOW}
    blocked = {rule.value for rule in rules} - allowed
    return {d for d in domains if above[d] & blocked and not above[d] & allowed}


def blocked_networks(findings: Iterable[Finding]) -> set[str]:
    """The networks (hashes) of ``findings`` that a block rule already blocks."""
    marks = {finding.rule["network"] for finding in findings if "network" in finding.rule}
    if not marks:
        return set()
    rules = BlockRule.objects.filter(kind=Kind.NETWORK).order_by("-pk")[:MOST_RULES]
    matched = defaultdict(set)
    for rule in rules:
        matched[rule.effect] |= marks & (network_marks(rule.value) or set())
    return matched["block"] - matched["allow"]


def _domains_above(domain):
    """``domain`` and all of its parent domains."""
    labels = domain.split(".")
    return {".".join(labels[n:]) for n in range(len(labels))}


def _grouped(rows, name):
    groups = defaultdict(list)
    for row in rows:
        if value := getattr(row, name):
            groups[value].append(row)
    return groups


def _finding(what, rows, why, **actions):
    confirmed = sum(row.status == Status.CONFIRMED for row in rows)
    return Finding(what, len(rows), confirmed, why, **actions)


def _network_finding(network, rows, why):
    what = _("Network #%(mark)s") % {"mark": network[:8]}
    return _finding(what, rows, why, rule={"network": network}, filters={"network": network})


def _domain_finding(domain, rows, why):
    return _finding(
        domain,
        rows,
        why,
        rule={"domain": domain},
        block=(Kind.DOMAIN, domain),
        search=f"@{domain}",
    )


def _bursts(groups, finding):
    for value, rows in groups.items():
        most = _most_within_an_hour([row.signed_at for row in rows])
        if most >= BURST:
            why = _("%(number)d within an hour") % {"number": most}
            yield finding(value, rows, why)


def _most_within_an_hour(times):
    """The largest number of ``times`` (newest first) within one hour."""
    most, last = 0, 0
    for first, newest in enumerate(times):
        while last < len(times) and newest - times[last] <= HOUR:
            last += 1
        most = max(most, last - first)
    return most


def _same_names(rows):
    for name, found in _grouped(rows, "name_key").items():
        addresses = {row.email_key for row in found}
        if len(addresses) >= ALIKE:
            why = ngettext("%(number)d address", "%(number)d addresses", len(addresses)) % {
                "number": len(addresses)
            }
            yield _finding(name, found, why, rule={"name_pattern": name}, search=name)


def _numbered_addresses(rows):
    groups = defaultdict(dict)
    for row in rows:
        if row.email_key and DIGITS.search(row.email_key.rpartition("@")[0]):
            local, _at, domain = row.email_key.rpartition("@")
            groups[f"{DIGITS.sub('*', local)}@{domain}"][row.email_key] = row
    for address, found in groups.items():
        if len(found) >= ALIKE:
            examples = listed(sorted(found)[:3])
            why = _("For example: %(addresses)s") % {"addresses": examples}
            yield _finding(
                address,
                found.values(),
                why,
                rule={"address": address},
                filters={"address": address},
            )


def _disposable(by_domain):
    for domain, rows in by_domain.items():
        labels = domain.split(".")
        if any(".".join(labels[n:]) in blocklist for n in range(len(labels) - 1)):
            yield _domain_finding(domain, rows, _("Disposable email service"))


def _bounced(by_domain):
    for domain, rows in by_domain.items():
        found = [
            row
            for row in rows
            if row.email_state == Signature.EmailState.BOUNCED and row.status == Status.CONFIRMED
        ]
        if found:
            why = _("Emails to these addresses bounce")
            filters = {"email_state": "bounced", "address": f"*@{domain}"}
            yield _finding(domain, found, why, filters=filters)


def _regular(groups, finding):
    for value, rows in groups.items():
        # Imported signatures have equal dates: they weren't confirmed by email.
        asked = [r for r in rows if r.confirmed_at and r.confirmed_at != r.signed_at]
        times = [(row.confirmed_at - row.signed_at).total_seconds() for row in asked]
        if len(times) < REGULAR:
            continue
        first, middle, third = quantiles(times, n=4)
        if third - first <= max(SHORTEST_SPREAD, SPREAD * middle):
            why = _(
                "Half confirmed within %(spread)d s of each other, about %(median)d s after signing"
            ) % {"spread": max(round(third - first), 1), "median": round(median(times))}
            yield finding(value, asked, why)
