"""What a petition asks about where people vote, and how answers become fields of a signature."""

from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .registry import get_scheme
from .scheme import HomeScheme
from .ties import HomeTie

# The fields of a signature that a form can ask for, in order.
PARTS = ("home_tie", "home_region", "home_district", "home_place")


class HomeTerms(Protocol):
    """The fields of ``Terms`` on where people vote."""

    home_country: Any
    ask_home_tie: str
    ask_home_region: str
    ask_home_district: str
    ask_home_place: str


def get_home_scheme(terms: HomeTerms) -> HomeScheme | None:
    """The scheme of the country that a petition asks about, or None if it asks about none."""
    return get_scheme(str(terms.home_country or ""))


def get_asked_parts(terms: HomeTerms) -> dict[str, bool]:
    """Which of ``PARTS`` the form asks for, and whether they are required: {name: required}.

    A part that the country's scheme doesn't have isn't asked.
    """
    scheme = get_home_scheme(terms)
    if scheme is None:
        return {}
    has = {"home_region": scheme.asks_region, "home_district": scheme.has_districts}
    asks = {name: getattr(terms, f"ask_{name}") for name in PARTS if has.get(name, True)}
    return {name: ask == "required" for name, ask in asks.items() if ask != "no"}


def complete_home(
    scheme: HomeScheme,
    *,
    residence: str,
    tie: str = "",
    region: str = "",
    district: str | None = "",
    place: str = "",
) -> dict[str, str]:
    """The fields ``home_…`` of a signature from what a person said.

    Adds the country, a computed region, and the only district of a region. ``residence`` is the
    country where the person lives. ``district`` is None if it isn't asked. All fields are empty if
    nothing was said.

    Raises ``ValidationError`` with a message for each wrong field.
    """
    if not any((tie, region, district, place)):
        return {"home_country": "", **dict.fromkeys(PARTS, "")}
    errors: dict[str, Any] = {}
    is_citizen = tie != HomeTie.NOT_A_CITIZEN
    for name, value in (("home_region", region), ("home_district", district)):
        if value and not is_citizen:
            errors[name] = _("If you’re not a citizen, leave this empty.")
    if not errors:
        try:
            region = scheme.clean_region(region)
        except ValidationError as error:
            errors["home_region"] = error
    if not errors and is_citizen:
        if tie and not region:
            region = scheme.compute_region(residence)
        try:
            district = None if district is None else scheme.clean_district(region, district)
        except ValidationError as error:
            errors["home_district"] = error
    if errors:
        raise ValidationError(errors)
    return {
        "home_country": scheme.country,
        "home_tie": tie,
        "home_region": region,
        "home_district": district or "",
        "home_place": place,
    }
