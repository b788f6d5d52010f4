"""Read members of Congress from the JSON of the unitedstates project, each as one flat row.

See https://github.com/unitedstates/congress-legislators. Its CSV files have the same headings.
"""

from typing import Any

from .table import Cell


def is_legislator(item: dict[str, Any]) -> bool:
    """Whether an object is somebody of ``legislators-current.json``."""
    terms = item.get("terms")
    return (
        isinstance(item.get("name"), dict)
        and isinstance(terms, list)
        and bool(terms)
        and isinstance(terms[-1], dict)
    )


def flatten(item: dict[str, Any]) -> dict[str, Cell]:
    """A legislator with their last term as {heading of the CSV file: value}."""
    name, term = item["name"], item["terms"][-1]
    found = {
        "last_name": name.get("last"),
        "first_name": name.get("first"),
        "full_name": name.get("official_full"),
        **{key: term.get(key) for key in ("type", "state", "district", "address")},
    }
    return {key: value for key, value in found.items() if isinstance(value, (str, int))}
