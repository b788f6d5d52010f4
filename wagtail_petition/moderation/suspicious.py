"""What looks odd among the newest signatures of a petition.

Each finding is a place to look at, never a verdict: a school is a burst from one network, and
a village has its common names.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median, quantiles

from disposable_email_domains import blocklist
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_petition.formats import listed
from wagtail_petition.identity.mail_domains import COMMON
from wagtail_petition.models import BlockRule, Signature

Kind = BlockRule.Kind

# How many signatures are looked at, and how many findings of a kind are shown.
NEWEST = 10_000
SHOWN = 20

HOUR = timedelta(hours=1)
# So many within an hour make a burst.
BURST = 15
# So many with one name, or with addresses that differ in a number, make a sequence.
ALIKE = 8
# So many confirmed after nearly the same time, give or take a tenth, are too regular.
REGULAR = 8
SPREAD = 0.1
SHORTEST_SPREAD = 2.0

DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Finding:
    """Some signatures that have something odd in common.

    ``rule`` are the fields of an ``Invalidation`` that would match them, ``block`` the kind and
    value of a ``BlockRule``, ``search`` what finds them in the list; each may be missing.
    """

    what: str
    count: int
    why: str
    rule: dict = field(default_factory=dict)
    block: tuple = ()
    search: str = ""


@dataclass(frozen=True)
class Section:
    """The findings of one kind, most signatures first."""

    key: str
    heading: str
    explanation: str
    findings: list


def report(petition):
    """(how many signatures were looked at, the ``Section`` of each kind)."""
    newest = Signature.objects.filter(petition=petition, anonymised_at=None)
    rows = list(
        newest.exclude(status=Signature.Status.WITHDRAWN)
        .order_by("-signed_at")
        .values_list(
            *("name_key", "email_key", "email_domain", "network", "signed_at", "confirmed_at"),
            named=True,
        )[:NEWEST]
    )
    by_network, by_domain = _grouped(rows, "network"), _grouped(rows, "email_domain")
    sections = [
        (
            "networks",
            _("Many from one network"),
            _("A school or an office looks like this too. Networks are forgotten after a week."),
            _bursts(by_network, _network_finding),
        ),
        (
            "domains",
            _("Many from one e-mail domain"),
            _("Within an hour, and not from one of the large providers."),
            _bursts(
                {d: found for d, found in by_domain.items() if d not in COMMON}, _domain_finding
            ),
        ),
        (
            "names",
            _("Names and addresses in sequence"),
            _("One name with many addresses, or addresses that differ in a number only."),
            [*_same_names(rows), *_numbered_addresses(rows)],
        ),
        (
            "throwaway",
            _("Throwaway addresses"),
            _("From domains that give anybody an address for ten minutes."),
            _throwaway(by_domain),
        ),
        (
            "regular",
            _("Confirmed too regularly"),
            _("People take a minute or a day. Programs take the same time each time."),
            [*_regular(by_network, _network_finding), *_regular(by_domain, _domain_finding)],
        ),
    ]
    return len(rows), [
        Section(key, heading, explanation, sorted(found, key=lambda f: -f.count)[:SHOWN])
        for key, heading, explanation, found in sections
    ]


def _grouped(rows, name):
    groups = defaultdict(list)
    for row in rows:
        if value := getattr(row, name):
            groups[value].append(row)
    return groups


def _network_finding(network, count, why):
    return Finding(
        what=_("Network %(mark)s") % {"mark": network[:8]},
        count=count,
        why=why,
        rule={"network": network},
    )


def _domain_finding(domain, count, why):
    return Finding(
        what=domain,
        count=count,
        why=why,
        rule={"domain": domain},
        block=(Kind.DOMAIN, domain),
        search=f"@{domain}",
    )


def _bursts(groups, finding):
    for value, rows in groups.items():
        most = _most_within_an_hour([row.signed_at for row in rows])
        if most >= BURST:
            why = _("%(number)d within an hour") % {"number": most}
            yield finding(value, len(rows), why)


def _most_within_an_hour(times):
    """The largest number of ``times``, which come newest first, that lie within an hour."""
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
            yield Finding(name, len(found), why, {"name_pattern": name}, search=name)


def _numbered_addresses(rows):
    groups = defaultdict(set)
    for row in rows:
        if row.email_key and DIGITS.search(row.email_key.rpartition("@")[0]):
            local, _at, domain = row.email_key.rpartition("@")
            groups[f"{DIGITS.sub('*', local)}@{domain}"].add(row.email_key)
    for address, found in groups.items():
        if len(found) >= ALIKE:
            examples = listed(sorted(found)[:3])
            yield Finding(
                address,
                len(found),
                _("For example: %(addresses)s") % {"addresses": examples},
                {"address": address},
            )


def _throwaway(by_domain):
    for domain, rows in by_domain.items():
        labels = domain.split(".")
        if any(".".join(labels[n:]) in blocklist for n in range(len(labels) - 1)):
            yield _domain_finding(domain, len(rows), _("Known for throwaway addresses"))


def _regular(groups, finding):
    for value, rows in groups.items():
        # What was imported was never asked to confirm.
        times = [
            (row.confirmed_at - row.signed_at).total_seconds()
            for row in rows
            if row.confirmed_at and row.confirmed_at != row.signed_at
        ]
        if len(times) < REGULAR:
            continue
        first, middle, third = quantiles(times, n=4)
        if third - first <= max(SHORTEST_SPREAD, SPREAD * middle):
            why = _("Half of them within %(spread)d seconds of each other, after %(median)d") % {
                "spread": round(third - first),
                "median": round(median(times)),
            }
            yield finding(value, len(times), why)
