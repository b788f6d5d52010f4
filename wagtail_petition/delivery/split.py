"""Split a delivery by country, region, answer, or by where the signers vote.

So each representative gets only the signatures of their constituency. Every signature is in
exactly one piece; those without a value are a piece too.
"""

import copy
import hashlib
import json
import uuid
from collections import Counter, defaultdict
from typing import Any, NamedTuple

from django.db.models import Count
from django.db.models.fields.json import KeyTransform
from django.utils import translation
from django.utils.translation import gettext as _

from wagtail_petition.countries import countries
from wagtail_petition.home.residence import name_residence
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.petition import Petition

from . import constituencies, selection
from .regions import region_key

# The most pieces by region, since people may type regions. The smallest beyond that are joined.
PIECES = 300
# The most pieces by district: Congress has 441 districts, the House of Commons 650.
DISTRICTS = 700
# The ways to split whose values are columns of a signature.
COLUMNS = {
    "country": ("country",),
    "region": ("region",),
    "home_region": ("home_region",),
    "home_district": ("home_country", "home_region", "home_district"),
}


class Piece(NamedTuple):
    """A part of a delivery: its label, its filters, and its number of signatures."""

    label: str
    filters: dict
    signatures: int

    @property
    def fingerprint(self) -> str:
        """Tells the piece from the others, even if their order changes meanwhile."""
        filters = json.dumps(self.filters, sort_keys=True)
        return hashlib.sha256(filters.encode()).hexdigest()[:16]


def pieces(delivery: Delivery, by: str) -> list[Piece]:
    """The pieces of an unsaved delivery, largest first. The piece without a value is last.

    ``by`` is "country", "region", "home_region", "home_district" or the id of a question with one
    choice. Spellings of a region or district that differ only in case, spaces and dots are one
    piece. Labels are in the delivery's language. Signatures that the recipients already have are
    included.
    """
    with translation.override(delivery.language):
        return _pieces(delivery, by)


def _pieces(delivery, by):
    counted = _counted(delivery, by)
    labels = _labels(delivery, by)
    none = counted.pop("", None)
    made = sorted(
        (_piece(delivery, by, labels.get(key), found) for key, found in counted.items()),
        key=lambda piece: (-piece.signatures, piece.label),
    )
    most = {"region": PIECES, "home_district": DISTRICTS}.get(by, len(made))
    if len(made) > most:
        made = [*made[: most - 1], _together(delivery, by, made[most - 1 :])]
    if none:
        label = {
            "country": _("No country"),
            "region": _("No region"),
            "home_region": _("No region"),
            # Named after its filters.
            "home_district": "",
        }.get(by, _("No answer"))
        made.append(_piece(delivery, by, label, none))
    return made


def _counted(delivery, by):
    """The number of signatures per value, grouped by equal spelling: {key: {value: count}}.

    Signatures without a value have the key "".
    """
    found = selection.deliverable(delivery).order_by()
    if by in COLUMNS:
        groups = found.values_list(*COLUMNS[by])
    else:
        groups = found.annotate(chosen=KeyTransform(by, "answers")).values_list("chosen")
    counted: dict[Any, Counter[Any]] = defaultdict(Counter)
    for *values, count in groups.annotate(count=Count("pk")):
        value: Any
        key: Any
        if by == "home_district":
            value = tuple(map(str, values))
            country, region, district = value
            key = (country, region, region_key(district)) if district else ""
        else:
            value = "" if values[0] is None else str(values[0])
            key = region_key(value) if by == "region" else value
        # A missing answer and a blank one are the same value.
        counted[key][value] += count
    return counted


def _piece(delivery, by, label, found):
    """A piece of the values in ``found``, {value: count}. The most common one is the label."""
    values = sorted(found, key=lambda value: (-found[value], value))
    filters = delivery.filters | _filter(by, values)
    if not label and by in ("home_region", "home_district"):
        label = constituencies.describe(filters)
    label = label or name_residence(" ".join(values[0].split()))
    return Piece(str(label), filters, sum(found.values()))


def _filter(by, values):
    if by == "country":
        return {"countries": values}
    if by == "region":
        return {"regions": values}
    if by == "home_region":
        return {"home_regions": values}
    if by == "home_district":
        # Those without a district have different regions.
        none = not any(district for _country, _region, district in values)
        return {"no_home_district": True} if none else {"home_districts": list(map(list, values))}
    [value] = values
    return {"answer": {"question": by, "value": value or None}}


def _together(delivery, by, rest):
    name = "regions" if by == "region" else "home_districts"
    values = [value for piece in rest for value in piece.filters[name]]
    label = _("Other regions") if by == "region" else _("Other districts")
    count = sum(piece.signatures for piece in rest)
    return Piece(label, delivery.filters | {name: values}, count)


def _labels(delivery, by):
    if by == "country":
        return dict(countries)
    if by in COLUMNS:
        return {}
    return dict(split_choices(delivery.petition).get(by, ("", []))[1])


def split_choices(petition: Petition) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """The questions with one choice that signers were asked.

    Returns {id: (label, [(choice id, label), …])}.
    """
    found = {}
    for text in selection.get_texts(petition):
        for question in text.questions:
            if question["type"] == "one_choice":
                choices = [(c["id"], c["label"]) for c in question["choices"]]
                found[question["id"]] = (question["label"], choices)
    return found


def get_part(delivery: Delivery, piece: Piece, recipient: str) -> Delivery:
    """An unsaved copy of ``delivery`` with one piece, for the recipient with this name."""
    part = copy.copy(delivery)
    part.uid = uuid.uuid4()
    part.part_label = piece.label[: Delivery._meta.get_field("part_label").max_length]
    part.filters = piece.filters
    part.recipient = recipient
    return part
