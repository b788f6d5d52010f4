"""The signatures that a delivery contains, and those that it leaves out, with the reasons."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.origin import Origin
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText

from . import constituencies
from .membership import Members

Status = Signature.Status

ORDERS: dict[str, list[str]] = {
    Delivery.Order.NUMBER: ["number"],
    Delivery.Order.NAME: ["family_name", "given_name", "number"],
    Delivery.Order.COUNTRY: ["country", "number"],
}


def in_range(delivery: Delivery) -> QuerySet[Signature]:
    """All signatures with a number in the delivery's range, of any status."""
    return Signature.objects.filter(
        petition=delivery.petition,
        number__gte=delivery.first_number,
        number__lte=delivery.last_number,
    )


def deliverable(delivery: Delivery) -> QuerySet[Signature]:
    """Confirmed signatures in the range that match the delivery's filters, in its order.

    Without erased ones. Signatures that the recipient already has are included: see ``get_number_filter``.
    """
    found = in_range(delivery).filter(status=Status.CONFIRMED, anonymised_at=None)
    return matching(found, delivery.filters).order_by(*ORDERS[delivery.order])


def matching(signatures: QuerySet[Signature], filters: Mapping[str, Any]) -> QuerySet[Signature]:
    """Apply a delivery's ``filters`` to a queryset. Raises ``KeyError`` for an unknown key."""
    for name, value in filters.items():
        if name == "answer":
            # Not a lookup as keyword argument, because the question's id contains hyphens.
            chosen = KeyTransform(value["question"], "answers")
            signatures = signatures.annotate(chosen=chosen)
            if value["value"] is None:
                signatures = signatures.filter(Q(chosen__isnull=True) | Q(chosen=""))
            else:
                signatures = signatures.filter(chosen=value["value"])
        elif name == "home_districts":
            signatures = signatures.filter(constituencies.in_districts(value))
        elif name in CONDITIONS:
            signatures = signatures.filter(CONDITIONS[name])
        else:
            signatures = signatures.filter(**{LOOKUPS[name]: value})
    return signatures


def same_spelling(text: str) -> str:
    """``text`` in a form that is equal for spellings that differ only in case and spaces."""
    return " ".join(text.split()).casefold()


LOOKUPS = {
    "countries": "country__in",
    "regions": "region__in",
    "home_regions": "home_region__in",
    "languages": "language__in",
    "origins": "origin__in",
    "public": "show_name",
}
# Filters whose value is always true.
CONDITIONS = {
    # Some files were imported so that each person in them was asked to confirm here.
    "confirmed_here": Q(origin=Origin.WEB) | Q(batch__mode=ImportBatch.Mode.ASK),
    "no_home_district": Q(home_district=""),
    "not_paper": ~Q(origin=Origin.PAPER),
}


def already_delivered(delivery: Delivery) -> Members:
    """The numbers that the recipient of ``delivery`` gets in other deliveries.

    Includes deliveries that were handed over, are ready, or are being rebuilt. Recipients'
    names are compared ignoring case and spaces.
    """
    others = Delivery.objects.filter(petition=delivery.petition_id).exclude(pk=delivery.pk)
    name = same_spelling(delivery.recipient)
    names = others.values_list("pk", "recipient")
    theirs = [pk for pk, other in names if same_spelling(other) == name]
    numbers = Members()
    for packed in others.filter(pk__in=theirs).values_list("members", flat=True):
        numbers |= Members(packed)
    return numbers


def get_number_filter(delivery: Delivery) -> Callable[[int | None], bool]:
    """A function that says whether the delivery includes a number.

    With ``only_new``, the numbers that the recipient gets in other deliveries are left out. A
    delivery that is rebuilt includes only the numbers that it had.
    """
    if delivery.members:
        return Members(delivery.members).__contains__
    got = already_delivered(delivery) if delivery.only_new else Members()
    return lambda number: number not in got


def left_out(delivery: Delivery) -> dict[str, int]:
    """How many signatures of the range are left out: {reason: count}.

    Reasons are "unconfirmed", "withdrawn", "invalidated", "erased" (confirmed, but the data is
    erased), "filtered", and "paper": bare numbers of signatures on paper, unless they are left out
    of the public total too. Signatures that the recipient already has aren't counted.
    """
    counts = dict(
        in_range(delivery)
        .order_by()
        .exclude(status=Status.CONFIRMED)
        .values_list("status")
        .annotate(count=Count("pk"))
    )
    confirmed = in_range(delivery).filter(status=Status.CONFIRMED)
    numbers = confirmed.aggregate(
        erased=Count("pk", filter=Q(anonymised_at__isnull=False)), all=Count("pk")
    )
    counts["unconfirmed"] = Signature.objects.filter(
        petition=delivery.petition, status=Status.UNCONFIRMED
    ).count()
    counts["erased"] = numbers["erased"]
    counts["filtered"] = (
        numbers["all"] - numbers["erased"] - deliverable(delivery).order_by().count()
        if delivery.filters
        else 0
    )
    counts["paper"] = delivery.petition.public_count - delivery.petition.signature_count
    return {reason: count for reason, count in counts.items() if count}


# What ends a signature, or its data.
GONE = ~Q(status=Status.CONFIRMED) | Q(anonymised_at__isnull=False)


def withdrawn_since(delivery: Delivery) -> list[int]:
    """The numbers in a delivery that no longer count, in order."""
    return _members_among(delivery, ~Q(status=Status.CONFIRMED))


def gone_since(delivery: Delivery) -> list[int]:
    """The numbers in a delivery that no longer count or whose data is erased, in order."""
    return _members_among(delivery, GONE)


def is_anonymised(delivery: Delivery) -> bool:
    """Whether signatures in a delivery have been anonymised."""
    return bool(_members_among(delivery, Q(anonymised_at__isnull=False)))


def _members_among(delivery: Delivery, asked: Q) -> list[int]:
    members = Members(delivery.members)
    numbers = in_range(delivery).filter(asked).order_by("number").values_list("number", flat=True)
    return [n for n in numbers.iterator(chunk_size=10_000) if n is not None and n in members]


def get_deliveries(signature: Signature) -> list[Delivery]:
    """The ready and handed-over deliveries that contain a signature, for its signer."""
    if signature.number is None:
        return []
    made = Delivery.objects.filter(
        petition_id=signature.petition_id,
        corrects=None,
        state__in=[Delivery.State.READY, Delivery.State.DELIVERED],
        first_number__lte=signature.number,
        last_number__gte=signature.number,
    )
    return [delivery for delivery in made if signature.number in Members(delivery.members)]


def count(delivery: Delivery) -> int:
    """How many signatures a delivery would contain if it were built now."""
    found = deliverable(delivery).order_by()
    if not (delivery.only_new and already_delivered(delivery)):
        return found.count()
    is_included = get_number_filter(delivery)
    numbers = found.values_list("number", flat=True)
    return sum(map(is_included, numbers.iterator(chunk_size=10_000)))


def first_numbers(delivery: Delivery, most: int) -> list[int]:
    """The first ``most`` numbers that a delivery would contain if it were built now."""
    is_included = get_number_filter(delivery)
    numbers = deliverable(delivery).values_list("number", flat=True)
    # For mypy: all deliverable signatures have a number.
    every = (number for number in numbers.iterator(chunk_size=10_000) if number is not None)
    return list(islice(filter(is_included, every), most))


def get_texts(petition: Petition) -> QuerySet[SignedText]:
    """The texts that people signed for ``petition``, newest first."""
    used = Signature.objects.filter(petition=petition, signed_text=OuterRef("pk"))
    return SignedText.objects.filter(Exists(used)).order_by("-pk")


# Of how many signatures ``get_text`` looks for one in the delivery's language.
LOOKED_AT = 1000


def get_text(delivery: Delivery) -> SignedText | None:
    """The text that the last signers in the range of ``delivery`` saw, in its language if any did."""
    last = in_range(delivery).order_by("-number").values_list("language", "signed_text")
    texts = list(last[:LOOKED_AT])
    texts.sort(key=lambda text: text[0] != delivery.language)
    return SignedText.objects.get(pk=texts[0][1]) if texts else None
