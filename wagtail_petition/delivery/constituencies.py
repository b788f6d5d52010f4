"""Deliveries split by where signers vote: constituencies, their names, voters, representatives."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_petition.formats import listed, number
from wagtail_petition.home.answers import get_home_scheme
from wagtail_petition.home.registry import get_district_name, get_region_name
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.representative import Representative
from wagtail_petition.models.signature import Signature
from wagtail_petition.representatives import for_region

from .regions import region_key

# The most characters of a delivery's recipient.
RECIPIENT = 200
# A country, a region and a district, in codes as signatures have them.
Constituency = tuple[str, str, str]


def get_home_splits(petition: Petition) -> dict[str, str]:
    """The ways to split by where signers vote, for a form: {``by``: label}."""
    asked = get_home_scheme(petition)
    found = {}
    if asked or petition.home_tallies.exists():
        found["home_region"] = _("By state or region where they vote")
    if asked and asked.has_districts:
        found["home_district"] = _("By district where they vote")
    return found


def find_districts(petition: Petition, texts: Iterable[str]) -> dict[str, list[Constituency]]:
    """The districts of confirmed signatures that are named so: {text: [constituency, …]}.

    ``texts`` are names such as "NY-12", or as people type them. Capitals, spaces and dots make no
    difference. The list of a district that no confirmed signature has is empty. Reads all different
    districts of the petition.
    """
    found = defaultdict(list)
    confirmed = Signature.objects.filter(petition=petition, status=Signature.Status.CONFIRMED)
    districts = confirmed.exclude(home_district="").order_by().distinct()
    for values in districts.values_list("home_country", "home_region", "home_district"):
        country, region, district = map(str, values)
        code = f"{region.partition('-')[2]}-{district}"
        for key in {region_key(get_label((country, region, district))), region_key(code)}:
            found[key].append((country, region, district))
    return {text: sorted(found.get(region_key(text), [])) for text in texts}


def in_districts(districts: list[list[str]]) -> Q:
    """Matches signatures of one of these [country, region, district] lists."""
    found = Q()
    grouped: dict[tuple[str, str], list[str]] = {}
    for country, region, district in districts:
        grouped.setdefault((country, region), []).append(district)
    for (country, region), names in grouped.items():
        found |= Q(home_country=country, home_region=region, home_district__in=names)
    return found


def get_constituencies(filters: Mapping[str, Any]) -> list[Constituency]:
    """The constituencies that a delivery's ``filters`` select. Empty without such filters.

    With both, these are the districts in the regions.
    """
    regions = filters.get("home_regions")
    if "home_districts" not in filters:
        return [(region.partition("-")[0], region, "") for region in regions or []]
    districts = [
        (country, region, district) for country, region, district in filters["home_districts"]
    ]
    return [each for each in districts if regions is None or each[1] in regions]


def get_label(constituency: Constituency) -> str:
    """The name of a constituency in the active language."""
    country, region, district = constituency
    if district:
        return get_district_name(country, region, district)
    return get_region_name(region) if region else _("No region")


def describe(filters: Mapping[str, Any]) -> str:
    """The constituencies of ``filters`` as text, in the active language; "" without such filters."""
    # Spellings of a typed name that differ only in case have one label.
    labels = {
        label.casefold(): label for label in map(get_label, reversed(get_constituencies(filters)))
    }
    places = listed(reversed(labels.values()))
    if not filters.get("no_home_district"):
        return places
    return _("%(region)s, no district") % {"region": places} if places else _("No district")


def get_representatives(petition: Petition, filters: Mapping[str, Any]) -> list[Representative]:
    """The representatives of the regions and districts of ``filters``, each once."""
    found = {}
    for country, region, district in get_constituencies(filters):
        if region or district:
            for person in for_region(petition, country, region, district):
                found[person.pk] = person
    return list(found.values())


def get_recipients(petition: Petition, filters: Mapping[str, Any]) -> str:
    """The names of the representatives of the constituencies of ``filters``, or "".

    Also "" if all of them are too long for a delivery's recipient: none is left out.
    """
    names = listed(get_representatives(petition, filters))
    return names if len(names) <= RECIPIENT else ""


def has_voters(filters: Mapping[str, Any]) -> bool:
    """Whether ``filters`` select all who vote in some constituencies."""
    constituencies = get_constituencies(filters)
    known = any(region or district for _country, region, district in constituencies)
    return known and not filters.get("no_home_district")


def count_voters(delivery: Delivery) -> int | None:
    """How many of the petition's signers vote in the delivery's constituencies; None without any."""
    if not has_voters(delivery.filters):
        return None
    constituencies = get_constituencies(delivery.filters)
    petition = delivery.petition
    if "home_districts" in delivery.filters:
        confirmed = Signature.objects.filter(petition=petition, status=Signature.Status.CONFIRMED)
        return confirmed.filter(in_districts(list(map(list, constituencies)))).count()
    tallies = petition.home_tallies.filter(home_region__in=delivery.filters["home_regions"])
    return tallies.aggregate(count=Sum("count"))["count"] or 0


def describe_voters(delivery: Delivery) -> str:
    """ "412 signers, of whom 38 vote in New York" in the active language, or "412 signers"."""
    signers = delivery.petition.signature_count
    voters = count_voters(delivery)
    text = ngettext("%(signers)s signer", "%(signers)s signers", signers) % {
        "signers": number(signers)
    }
    if voters is None:
        return text
    return ngettext(
        "%(signers)s, of whom %(voters)s votes in %(place)s",
        "%(signers)s, of whom %(voters)s vote in %(place)s",
        voters,
    ) % {"signers": text, "voters": number(voters), "place": describe(delivery.filters)}
