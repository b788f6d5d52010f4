"""The columns of a table for vendors that deliver to the Congress of the United States.

The names are the elements of Communicating with Congress (CWC) 2.0. CWC knows no country: the
address of a constituent is their last one in the United States.
"""

import re
from typing import Any

from wagtail_petition.exports.columns import Column, JoinedColumn

from .base import ToolResource
from .columns import StateColumn

ZIP = re.compile(r"(?<!\d)\d{5}(?:-\d{4})?(?!\d)")


def split_place(place: str, state: str) -> tuple[str, str]:
    """(city, ZIP code) of a last place as people write it: "Brooklyn, NY 11201".

    Without exactly one ZIP code all of it is the city. ``state`` is left out of the end.
    """
    codes = ZIP.findall(place)
    code = codes[0] if len(codes) == 1 else ""
    city = (place.replace(code, " ") if code else place).strip(" ,")
    if state:
        city = re.sub(rf"[\s,]+{state}$", "", city)
    return " ".join(city.split()), code


class MemberOfficeColumn(JoinedColumn):
    """The office of the signer's member of the House, like HNY12 or HAK00; "" if unknown."""

    def __init__(self, label: str) -> None:
        super().__init__(label, "home_country", "home_region", "home_district")

    def render(self, values: tuple[Any, str, str]) -> str:
        country, region, district = values
        if str(country or "") != "US" or not (region and district):
            return ""
        return f"H{region.removeprefix('US-')}{district}"


class PlaceColumn(JoinedColumn):
    """A part of the last place in the United States: 0 is the city, 1 the ZIP code."""

    def __init__(self, label: str, part: int) -> None:
        super().__init__(label, "home_country", "home_region", "home_place")
        self.part = part

    def render(self, values: tuple[Any, str, str]) -> str:
        country, region, place = values
        if str(country or "") != "US":
            return ""
        return split_place(place, region.removeprefix("US-"))[self.part]


class CongressResource(ToolResource):
    """Constituents with their messages."""

    answers = ("message",)

    member_office = MemberOfficeColumn("MemberOffice")
    first_name = Column("FirstName", "given_name")
    last_name = Column("LastName", "family_name")
    city = PlaceColumn("City", 0)
    state = StateColumn("StateAbbreviation")
    zip_code = PlaceColumn("Zip", 1)
    email = Column("Email", "email")
    message = Column("ConstituentMessage", "message")
