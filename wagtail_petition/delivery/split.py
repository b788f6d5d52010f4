"""One delivery split into several: by country, region or answer.

So that a representative gets only the signatures of their own constituency.
"""

import copy
import uuid
from typing import NamedTuple

from django.db.models import Count
from django.db.models.fields.json import KeyTransform
from django_countries import countries

from . import selection


class Piece(NamedTuple):
    """A part of a delivery: what it is called, its filters, and how many would be in it."""

    label: str
    filters: dict
    signatures: int


def pieces(delivery, by):
    """The pieces of an unsaved delivery, the largest first.

    ``by`` is "country", "region" or the id of a question with one choice.
    """
    found = selection.deliverable(delivery).order_by()
    if by in ("country", "region"):
        groups = found.values_list(by).annotate(count=Count("pk"))
    else:
        groups = found.annotate(chosen=KeyTransform(by, "answers")).values_list("chosen")
        groups = groups.annotate(count=Count("pk"))
    labels = _labels(delivery, by)
    made = [
        Piece(labels.get(value, value), delivery.filters | _filter(by, value), count)
        for value, count in groups
        if value
    ]
    return sorted(made, key=lambda piece: (-piece.signatures, piece.label))


def _filter(by, value):
    if by == "country":
        return {"countries": [value]}
    if by == "region":
        return {"regions": [value]}
    return {"answer": {"question": by, "value": value}}


def _labels(delivery, by):
    if by == "country":
        return dict(countries)
    return dict(split_choices(delivery.petition).get(by, ("", []))[1])


def split_choices(petition):
    """Questions with one choice that signers were asked: {id: (label, [(choice id, label)])}."""
    found = {}
    for text in selection.texts_of(petition):
        for question in text.questions:
            if question["type"] == "one_choice":
                choices = [(c["id"], c["label"]) for c in question["choices"]]
                found[question["id"]] = (question["label"], choices)
    return found


def split(delivery, recipients):
    """Unsaved deliveries like ``delivery``, one for each (piece, recipient's name)."""
    made = []
    for piece, recipient in recipients:
        part = copy.copy(delivery)
        part.uid = uuid.uuid4()
        part.filters = piece.filters
        part.recipient = recipient
        made.append(part)
    return made
