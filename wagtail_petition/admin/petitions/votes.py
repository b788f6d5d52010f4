"""Figures by where signers vote: by residence, by district, and what is still to be delivered.

All come from tallies, from the breakdown that is counted in the background, or from deliveries. So
they are as fast with six million signatures as with five hundred.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_petition.admin.base import signatures_url
from wagtail_petition.countries import countries
from wagtail_petition.delivery.constituencies import get_constituencies
from wagtail_petition.delivery.membership import Members
from wagtail_petition.formats import number
from wagtail_petition.home.registry import get_district_name, get_region_name
from wagtail_petition.models import Delivery, Petition, Signature
from wagtail_petition.models.tally import FEWEST, count_regions

State, Status = Delivery.State, Signature.Status

# How many countries of residence have a column of their own.
COLUMNS = 5
# How long the numbers of delivered signatures are kept in the cache, in seconds.
KEPT = 24 * 60 * 60


class RegionRow(NamedTuple):
    """What is still to be delivered to the representatives of one region."""

    code: str
    name: str
    signatures: int
    delivered: int
    # The last delivery that was handed over, or None.
    last: Delivery | None
    # The number in deliveries that are prepared but not handed over.
    ready: int
    url: str

    @property
    def undelivered(self) -> int:
        return max(self.signatures - self.delivered, 0)

    @property
    def last_on(self) -> date | datetime | None:
        return self.last.delivered_on if self.last else None

    @property
    def last_url(self) -> str:
        return reverse("petition_deliveries:detail", args=[self.last.pk]) if self.last else ""


class Table(NamedTuple):
    """A table of texts. Each row is (label, cells)."""

    columns: list[str]
    rows: list[tuple[str, list[str]]]


def _get_only_region(delivery: Delivery) -> str:
    """The region where all signers of the delivery vote, or "" if there are several."""
    regions = {region for _country, region, _district in get_constituencies(delivery.filters)}
    return regions.pop() if len(regions) == 1 else ""


def get_region_rows(petition: Petition) -> list[RegionRow]:
    """The regions where signers vote, those with the most signatures to be delivered first.

    Deliveries count for a region if all of their signers vote there. Signatures that no longer
    count are neither delivered nor to be delivered.
    """
    last: dict[str, Delivery] = {}
    ready: Counter[str] = Counter()
    handed_over: dict[str, list[Delivery]] = {}
    made = petition.deliveries.filter(corrects=None, state__in=[State.READY, State.DELIVERED])
    made = made.defer("members")
    for delivery in made.order_by("delivered_on", "pk"):
        region = _get_only_region(delivery)
        if not region:
            continue
        if delivery.state == State.READY:
            ready[region] += delivery.count
            continue
        handed_over.setdefault(region, []).append(delivery)
        last[region] = delivery
    delivered = _count_delivered(petition, handed_over)
    rows = [
        RegionRow(
            code,
            get_region_name(code),
            signatures,
            delivered.get(code, 0),
            last.get(code),
            ready[code],
            signatures_url(petition, status=Status.CONFIRMED.value, home_region=code),
        )
        for code, signatures in count_regions(petition).items()
    ]
    return sorted(rows, key=lambda row: (-row.undelivered, row.name))


def _count_delivered(
    petition: Petition, handed_over: Mapping[str, list[Delivery]]
) -> dict[str, int]:
    """How many signatures these deliveries of regions hold that still count: {region: count}.

    Reading all members takes half a second for millions. They never change, so the result is
    cached until there is another delivery, or a signature ends.
    """
    if not handed_over:
        return {}
    first = min(each.created_at for found in handed_over.values() for each in found)
    # Whoever ended before isn't a member.
    ended = petition.signatures.filter(
        status__in=[Status.WITHDRAWN, Status.INVALIDATED], ended_at__gte=first
    )
    gone = list(
        ended.exclude(home_region="").order_by("number").values_list("home_region", "number")
    )
    deliveries = {
        region: [str(each.uid) for each in found] for region, found in handed_over.items()
    }
    inputs = json.dumps([deliveries, gone], sort_keys=True).encode()
    key = f"wagtail_petition.delivered.{hashlib.sha256(inputs).hexdigest()}"
    found: dict[str, int] | None = cache.get(key)
    if found is None:
        found = _read_delivered(deliveries, gone)
        cache.set(key, found, KEPT)
    return found


def _read_delivered(
    deliveries: Mapping[str, list[str]], gone: Iterable[tuple[str, int | None]]
) -> dict[str, int]:
    counts = {}
    numbers: dict[str, list[int | None]] = {}
    for region, number_gone in gone:
        numbers.setdefault(region, []).append(number_gone)
    for region, uids in deliveries.items():
        members = Members()
        for packed in Delivery.objects.filter(uid__in=uids).values_list("members", flat=True):
            members |= Members(packed)
        counts[region] = len(members) - sum(each in members for each in numbers.get(region, ()))
    return counts


def get_residences(petition: Petition, *, hides_small: bool) -> Table | None:
    """Where people live and where they vote; None if the petition doesn't ask, or nobody said.

    With ``hides_small``, numbers under ``FEWEST`` are hidden, and totals from which they could be
    computed are left out.
    """
    if not petition.home_country:
        return None
    tallies = petition.home_tallies.filter(count__gt=0)
    cells: Counter[tuple[str, str]] = Counter()
    regions: Counter[str] = Counter()
    residences: Counter[str] = Counter()
    for region, country, count in tallies.values_list("home_region", "country", "count"):
        cells[region, country] = count
        regions[region] += count
        residences[country] += count
    if not cells:
        return None
    shown = [country for country, _count in residences.most_common(COLUMNS)]
    # "Other countries" together may be computed from nothing else that is shown.
    has_others = len(residences) > len(shown)

    def text(count: int) -> str:
        if hides_small and 0 < count < FEWEST:
            return _("under %(number)s") % {"number": number(FEWEST)}
        return number(count) if count else "–"

    rows = []
    for region, total in regions.most_common():
        counts = [cells[region, country] for country in shown]
        if has_others:
            counts.append(total - sum(counts))
        if not hides_small:
            counts.append(total)
        rows.append((get_region_name(region), [text(count) for count in counts]))
    heads = [countries.name(country) or country or _("Unknown") for country in shown]
    if has_others:
        heads.append(_("Other countries"))
    if not hides_small:
        heads.append(_("Total"))
    return Table([_("Votes in"), *heads], rows)


def get_districts(breakdown: Any) -> list[tuple[str, int]]:
    """(name, count) of each district that was counted, most first."""
    found: Counter[str] = Counter()
    for key, count in (breakdown.districts if breakdown else {}).items():
        country, region, district = key.split("|", 2)
        # Spellings of a typed name that differ only in case and spaces are one.
        name = get_district_name(country, region, " ".join(district.split()))
        found[name] += count
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
