"""Which signers a file for another tool may hold: confirmed, with an email, opted in to updates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import Count, Q, QuerySet

from wagtail_petition.mail import opt_out
from wagtail_petition.models.signature import Signature

# How many addresses are looked up at once.
ADDRESSES_AT_ONCE = 1000
WANTED = Q(wants_news=True)


def subscribers(signatures: QuerySet[Signature], *, everyone: bool = False) -> QuerySet[Signature]:
    """Those of ``signatures`` that count, have an email, and opted in to updates.

    With ``everyone`` also those who didn't opt in. Unconfirmed, withdrawn, invalidated and
    erased signatures are never among them. See also ``without_opted_out``.
    """
    found = signatures.filter(status=Signature.Status.CONFIRMED, anonymised_at=None).exclude(
        email=""
    )
    return found if everyone else found.filter(WANTED)


def count_subscribers(signatures: QuerySet[Signature]) -> dict[str, int]:
    """The number of ``subscribers`` as {"wanted": opted in, "everyone": all}."""
    found = subscribers(signatures, everyone=True).order_by()
    return found.aggregate(wanted=Count("pk", filter=WANTED), everyone=Count("pk"))


def without_opted_out(
    rows: Iterable[tuple[list[Any], Sequence[Any]]], left_out: Counter[str]
) -> Iterator[tuple[list[Any], Sequence[Any]]]:
    """Leave out the rows of people who opted out of emails here.

    ``rows`` are pairs of a row and values, of which the last is the email. Counts those left out
    as ``left_out["opted_out"]``.
    """
    rows = iter(rows)
    while batch := list(islice(rows, ADDRESSES_AT_ONCE)):
        opted_out = opt_out.opted_out([values[-1] for _row, values in batch])
        for row, values in batch:
            if values[-1] in opted_out:
                left_out["opted_out"] += 1
            else:
                yield row, values
