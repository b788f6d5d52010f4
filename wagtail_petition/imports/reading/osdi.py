"""Read signatures of OSDI and Action Network leniently, each as one flat row.

See https://opensupporter.github.io/osdi-docs/ (signatures, people).
"""

from collections.abc import Iterable
from typing import Any

from .table import Cell

# Keys under which Action Network and OSDI wrap a signature or person.
WRAPPERS = ("osdi:signature", "osdi:person", "osdi:submission")


def is_osdi(item: dict[str, Any]) -> bool:
    """Whether an object is an OSDI signature or person."""
    if any(wrapper in item for wrapper in WRAPPERS) or isinstance(item.get("person"), dict):
        return True
    return "email_addresses" in item or ("identifiers" in item and "_links" in item)


def flatten(item: dict[str, Any]) -> dict[str, Cell]:
    """A signature as {heading: value}. Custom fields have their own names."""
    body = next((item[name] for name in WRAPPERS if isinstance(item.get(name), dict)), item)
    person = _dict(body.get("person")) or _dict(_dict(body.get("_embedded")).get("osdi:person"))
    person = person or (body if "email_addresses" in body else {})
    email = _primary(person.get("email_addresses"))
    place = _primary(person.get("postal_addresses"))
    referrer = _dict(body.get("referrer_data")) or _dict(body.get("action_network:referrer_data"))
    source = _text(referrer.get("source"))
    languages = person.get("languages_spoken")
    language = languages[0] if isinstance(languages, list) and languages else None
    found: dict[str, Cell] = {
        "person_id": _person_id(body, person),
        "identifiers": " ".join(_strings(body.get("identifiers"))),
        "action_date": _text(body.get("action_date")) or _text(body.get("created_date")),
        "given_name": _text(person.get("given_name")),
        "family_name": _text(person.get("family_name")),
        "additional_name": _text(person.get("additional_name")),
        "email": _text(email.get("address")),
        "email_status": _text(email.get("status")),
        "city": _text(place.get("locality")),
        "region": _text(place.get("region")),
        "postal_code": _text(place.get("postal_code")),
        "country": _text(place.get("country")),
        "address_lines": ", ".join(_strings(place.get("address_lines"))),
        "language": _text(language) or _text(person.get("preferred_language")),
        "phone": _text(_primary(person.get("phone_numbers")).get("number")),
        "comments": _text(body.get("comments")),
        "source": "" if source.casefold() == "none" else source,
        "add_tags": ", ".join(_strings(body.get("add_tags") or item.get("add_tags"))),
    }
    for name, value in _dict(person.get("custom_fields")).items():
        name = str(name).strip()
        if name and name not in found:
            found[name] = _text(value) if not isinstance(value, bool) else value
    return {name: value for name, value in found.items() if value not in ("", None)}


def _person_id(body: dict[str, Any], person: dict[str, Any]) -> str:
    """The person's id there. Not from the signature's ``identifiers``, which may be its own."""
    if named := _text(body.get("action_network:person_id")):
        return named
    if href := _text(_dict(_dict(body.get("_links")).get("osdi:person")).get("href")):
        return href.rstrip("/").rpartition("/")[2]
    for identifier in _strings(person.get("identifiers")):
        return identifier.rpartition(":")[2]
    return ""


def _primary(entries: Any) -> dict[str, Any]:
    """The primary entry, or else the first."""
    found = [entry for entry in entries if isinstance(entry, dict)] if _is_list(entries) else []
    return next(
        (entry for entry in found if entry.get("primary") is True), found[0] if found else {}
    )


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _strings(value: Any) -> Iterable[str]:
    """The texts in a list. Some sites send one text instead of a list."""
    values = value if isinstance(value, list) else [value]
    return [text for each in values if (text := _text(each))]


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None or isinstance(value, (dict, list)):
        return ""
    return str(value).replace("\0", "").strip()
