"""Split a delivery by country, region or answer.

So each representative gets only the signatures of their constituency. Every signature is in
exactly one piece; those without a value are a piece too.
"""

import copy
import uuid
from collections import Counter, defaultdict
from typing import NamedTuple

from django.db.models import Count
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

from wagtail_petition.countries import countries
from wagtail_petition.home.residence import name_residence
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.petition import Petition

from . import selection
from .regions import region_key

# The most pieces. The smallest beyond that are joined in one.
PIECES = 300


class Piece(NamedTuple):
    """A part of a delivery: its label, its filters, and its number of signatures."""

    label: str
    filters: dict
    signatures: int


def pieces(delivery: Delivery, by: str) -> list[Piece]:
    """The pieces of an unsaved delivery, largest first. The piece without a value is last.

    ``by`` is "country", "region" or the id of a question with one choice. Spellings of a region
    that differ only in case, spaces and dots are one piece. Signatures that the recipients already
    have are included.
    """
    counted = _counted(delivery, by)
    labels = _labels(delivery, by)
    none = counted.pop("", None)
    made = sorted(
        (_piece(delivery, by, labels.get(key), found) for key, found in counted.items()),
        key=lambda piece: (-piece.signatures, piece.label),
    )
    if by == "region" and len(made) > PIECES:
        made = [*made[: PIECES - 1], _together(delivery, made[PIECES - 1 :])]
    if none:
        label = {"country": _("No country"), "region": _("No region")}.get(by, _("No answer"))
        made.append(_piece(delivery, by, label, none))
    return made


def _counted(delivery, by):
    """The number of signatures per value, grouped by equal spelling: {key: {value: count}}.

    Signatures without a value have the key "".
    """
    found = selection.deliverable(delivery).order_by()
    if by in ("country", "region"):
        groups = found.values_list(by)
    else:
        groups = found.annotate(chosen=KeyTransform(by, "answers")).values_list("chosen")
    counted = defaultdict(Counter)
    for value, count in groups.annotate(count=Count("pk")):
        value = "" if value is None else str(value)
        key = region_key(value) if by == "region" else value
        # A missing answer and a blank one are the same value.
        counted[key][value] += count
    return counted


def _piece(delivery, by, label, found):
    """A piece of the values in ``found``, {value: count}. The most common one is the label."""
    values = sorted(found, key=lambda value: (-found[value], value))
    filters = delivery.filters | _filter(by, values)
    label = label or name_residence(" ".join(values[0].split()))
    return Piece(str(label), filters, sum(found.values()))


def _filter(by, values):
    if by == "country":
        return {"countries": values}
    if by == "region":
        return {"regions": values}
    [value] = values
    return {"answer": {"question": by, "value": value or None}}


def _together(delivery, rest):
    regions = [region for piece in rest for region in piece.filters["regions"]]
    count = sum(piece.signatures for piece in rest)
    return Piece(_("Other regions"), delivery.filters | {"regions": regions}, count)


def _labels(delivery, by):
    if by == "country":
        return dict(countries)
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
    part.filters = piece.filters
    part.recipient = recipient
    return part
