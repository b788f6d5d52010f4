"""Turn regions that people typed into codes, where they name a region exactly."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count

from wagtail_petition import ledger
from wagtail_petition.home.residence import read_residence
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature

from .membership import Members

# How many signatures are changed in one transaction.
BATCH = 500


class Proposal(NamedTuple):
    """A typed text that names a region exactly, the region's code, and the number of signatures."""

    country: str
    text: str
    code: str
    signatures: int


class IsBuilding(Exception):
    """A delivery of the petition is being prepared, so its regions can't change now."""


def propose(petition: Petition) -> list[Proposal]:
    """The texts that can be replaced, most frequent first."""
    typed = petition.signatures.filter(anonymised_at=None).exclude(region="").order_by()
    found = [
        Proposal(str(country or ""), text, code, count)
        for country, text, count in typed.values_list("country", "region").annotate(Count("pk"))
        if (code := read_residence(str(country or ""), text)) != text.strip()
    ]
    return sorted(found, key=lambda each: (-each.signatures, each.code, each.text))


def apply(petition: Petition, proposals: list[Proposal]) -> tuple[int, int]:
    """Change the regions. Returns (changed, kept).

    Signatures whose region a prepared or handed-over delivery shows or selects by are kept as they
    are: its files still have to agree with the ledger. Raises ``IsBuilding``.
    """
    changed = kept = 0
    for proposal in proposals:
        for pks in _batches(petition, proposal):
            with transaction.atomic():
                # Building a delivery takes this lock before it becomes ready.
                ledger.lock(petition.pk)
                shown = _get_shown(petition)
                rows = Signature.objects.filter(pk__in=pks).values_list("pk", "number")
                free = [pk for pk, number in rows if number not in shown]
                changed += ledger.set_region(free, proposal.text, proposal.code)
                kept += len(pks) - len(free)
    return changed, kept


def _batches(petition: Petition, proposal: Proposal) -> Iterator[list[int]]:
    """The ids of the signatures with the text of a proposal."""
    last = 0
    found = petition.signatures.filter(
        anonymised_at=None, country=proposal.country, region=proposal.text
    )
    while pks := list(
        found.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield pks
        last = pks[-1]


def _get_shown(petition: Petition) -> Members:
    """The numbers whose region is in a delivery's files or filters. Raises ``IsBuilding``."""
    deliveries = Delivery.objects.filter(petition=petition)
    if deliveries.filter(state=Delivery.State.QUEUED).exists():
        raise IsBuilding
    numbers = Members()
    made = deliveries.filter(state__in=[Delivery.State.READY, Delivery.State.DELIVERED])
    for columns, filters, members in made.values_list("columns", "filters", "members"):
        if "region" in columns or "regions" in filters:
            numbers |= Members(members)
    return numbers
