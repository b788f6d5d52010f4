"""OSDI's JSON: bodies for the helper that records signatures, and a collection.

See https://opensupporter.github.io/osdi-docs/ (signatures, people, record_signature). A column's
label is the path of its value, like "person/given_name"; a number is a place in a list.
"""

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any
from urllib.parse import urlsplit

from import_export.fields import Field

from wagtail_petition import addresses
from wagtail_petition.exports.cells import clean
from wagtail_petition.exports.columns import Column
from wagtail_petition.exports.writers import Format
from wagtail_petition.models.petition import Petition
from wagtail_petition.pages.lookup import find_page

from .base import ToolResource, tag
from .columns import (
    AddressesColumn,
    ConstantColumn,
    CustomFieldsColumn,
    DistrictColumn,
    EmailsColumn,
    MomentColumn,
    NumberColumn,
    PetitionColumn,
    StateColumn,
)

SYSTEM = "wagtail_petition"
CURIES = [
    {
        "name": "osdi",
        "href": "https://opensupporter.github.io/osdi-docs/{rel}",
        "templated": True,
    }
]


def page_url(petition: Petition) -> str:
    """The URL of the petition's page, or "" if it has none."""
    page = find_page(petition.key, petition.source_language)
    return addresses.page_url(page, stored=petition.script_name) if page else ""


def identifier(petition: Petition) -> str:
    """The start of our identifiers, unique among all sites."""
    return f"{SYSTEM}:{petition.key}"


def host(petition: Petition) -> str:
    """The host of the petition's page, or ""."""
    return urlsplit(page_url(petition)).netloc


class HelperResource(ToolResource):
    """Bodies for OSDI's record_signature_helper, which also records the person.

    ``autoresponse`` is off, or everybody would be emailed again.
    """

    answers = ("comments", "custom_fields")

    identifiers = NumberColumn("identifiers/0", identifier)
    origin_system = ConstantColumn("origin_system", SYSTEM)
    action_date = MomentColumn("action_date", "signed_at")
    comments = Column("comments", "message")
    source = Column("referrer_data/source", "source")
    website = PetitionColumn("referrer_data/website", host)
    # Action Network's name for the same.
    its_source = Column("action_network:referrer_data/source", "source")
    its_website = PetitionColumn("action_network:referrer_data/website", host)
    person_identifiers = NumberColumn("person/identifiers/0", identifier)
    given_name = Column("person/given_name", "given_name")
    family_name = Column("person/family_name", "family_name")
    email_addresses = EmailsColumn("person/email_addresses")
    postal_addresses = AddressesColumn("person/postal_addresses")
    languages_spoken = Column("person/languages_spoken/0", "language")
    custom_fields = CustomFieldsColumn("person/custom_fields")
    us_state = StateColumn("person/custom_fields/us_state")
    us_district = DistrictColumn("person/custom_fields/us_district")
    add_tags = PetitionColumn("add_tags/0", tag)
    autoresponse = ConstantColumn("triggers/autoresponse/enabled", False)

    def get_columns(self, wanted: Any = None) -> dict[str, Field]:
        columns = super().get_columns(wanted)
        if field := columns.get("custom_fields"):
            columns["custom_fields"] = field.asking(self.get_answer_columns().values())
        return columns


class CollectionResource(HelperResource):
    """The signatures of an OSDI collection."""

    created_date = MomentColumn("created_date", "signed_at")
    modified_date = MomentColumn("modified_date", "confirmed_at")
    petition_link = PetitionColumn("_links/osdi:petition/href", page_url)

    def get_frame(self, format: Format) -> tuple[list[str], dict[str, Any]]:
        header, options = super().get_frame(format)
        url = page_url(self.petitions[0]) if len(self.petitions) == 1 else ""
        return header, {**options, "url": url}


def write_helpers(file: IO[bytes], header: Iterable[str], rows: Iterable[list[Any]]) -> None:
    """Write one object per line. Each line can be posted as it is."""
    for item in _objects(header, rows):
        file.write(f"{_dump(item)}\n".encode())


def write_collection(
    file: IO[bytes], header: Iterable[str], rows: Iterable[list[Any]], *, url: str = ""
) -> None:
    """Write a HAL collection of one page. ``url`` is its link to itself, if any.

    The totals are written last, when they are known.
    """
    file.write(b'{"_embedded":{"osdi:signatures":[\n')
    total = 0
    for item in _objects(header, rows):
        file.write(f"{',' if total else ''}{_dump(item)}\n".encode())
        total += 1
    links: dict[str, Any] = {"curies": CURIES}
    if url:
        links = {"self": {"href": url}, **links}
    totals = {
        "_links": links,
        "total_records": total,
        "per_page": total,
        "page": 1,
        "total_pages": 1,
    }
    file.write(f"]}},{_dump(totals)[1:]}\n".encode())


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _objects(header: Iterable[str], rows: Iterable[list[Any]]) -> Iterator[dict[str, Any]]:
    """Yield an object for each row. Without empty values, since a tool would erase its own."""
    paths = [label.split("/") for label in header]
    for row in rows:
        item: dict[str, Any] = {}
        for path, value in zip(paths, row, strict=True):
            if value not in ("", None, [], {}):
                _put(item, path, _cleaned(value))
        yield item


def _put(item: dict[str, Any], path: list[str], value: Any) -> None:
    """Set the value at ``path``. A number at its end makes a list with the value."""
    *names, last = path
    if last.isdecimal():
        *names, last = names
        value = [value]
    for name in names:
        item = item.setdefault(name, {})
    item[last] = value


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    if isinstance(value, dict):
        return {clean(name): _cleaned(each) for name, each in value.items()}
    return value
