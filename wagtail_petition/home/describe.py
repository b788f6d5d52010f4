"""Say where a signer votes."""

from typing import Any, Protocol

from django.utils.translation import gettext as _

from wagtail_petition.formats import listed

from .answers import HomeTerms, get_asked_parts, get_home_scheme
from .registry import get_district_name, get_region_name, get_scheme
from .ties import HomeTie


class Voter(Protocol):
    """The fields of ``Signature`` that are used here. The models import this room."""

    home_country: Any
    home_region: str
    home_district: str
    home_place: str
    home_tie: str
    city: str

    @property
    def full_name(self) -> str: ...

    def get_home_tie_display(self) -> str: ...


def describe_home(signature: Voter) -> list[tuple[str, str]]:
    """Where the signer votes, in the active language: (label, value) pairs, without empty ones."""
    country = str(signature.home_country or "")
    if not country:
        return []
    scheme = get_scheme(country)
    region, district = signature.home_region, signature.home_district
    pairs = [
        (_("Tie to this country"), signature.get_home_tie_display()),
        (
            str(scheme.region_label) if scheme else _("Region where they vote"),
            scheme.get_region_name(region) if scheme and region else region,
        ),
        (
            str(scheme.district_label) if scheme else _("District where they vote"),
            get_district_name(country, region, district),
        ),
        (str(scheme.place_label) if scheme else _("Last place there"), signature.home_place),
    ]
    return [
        (_("Country where they vote"), signature.home_country.name),
        *((label, str(value)) for label, value in pairs if value),
    ]


def get_home_names(signature: Voter) -> dict[str, str]:
    """The parts of where the signer votes, in the active language: {part: name, or ""}."""
    country = str(signature.home_country or "")
    return {
        "home_tie": signature.get_home_tie_display() if signature.home_tie else "",
        "home_region": get_region_name(signature.home_region) if signature.home_region else "",
        "home_district": get_district_name(country, signature.home_region, signature.home_district),
        "home_place": signature.home_place,
    }


def get_part_labels(terms: HomeTerms) -> dict[str, str]:
    """The labels of the parts that a petition asks for, in the active language: {part: label}."""
    scheme = get_home_scheme(terms)
    if scheme is None:
        return {}
    labels = {
        "home_tie": _("Tie to this country"),
        "home_region": str(scheme.region_label),
        "home_district": str(scheme.district_label),
        "home_place": str(scheme.place_label),
    }
    return {part: labels[part] for part in get_asked_parts(terms)}


def get_voting_place(signature: Voter) -> str:
    """The place where the signer votes, in the active language; "" if they didn't say.

    Their region, or the constituency that they typed, or else the country.
    """
    if signature.home_tie not in ("", HomeTie.VOTES_THERE):
        return ""
    scheme = get_scheme(str(signature.home_country or ""))
    if scheme and scheme.asks_region and signature.home_region:
        return scheme.get_region_name(signature.home_region)
    if scheme and scheme.districts_are_typed and signature.home_district:
        return signature.home_district
    return str(signature.home_country.name) if signature.home_tie else ""


def get_letter_signer(signature: Voter) -> str:
    """The signer for the letter: "Mary O’Neill, Rome · voter in New York"."""
    name = signature.full_name
    if signature.city:
        name = listed([name, signature.city])
    if place := get_voting_place(signature):
        return f"{name} · {_('voter in %(place)s') % {'place': place}}"
    return name
