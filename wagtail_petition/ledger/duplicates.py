"""Find duplicates in an import, and people who must not be imported again."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.db.models import QuerySet

from wagtail_petition.identity.emails import former_email_key
from wagtail_petition.identity.hashing import known_address_hashes
from wagtail_petition.models.email import MailOptOut
from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.search import fold
from wagtail_petition.models.signature import Signature

from .blocking import find_blocked
from .tombstones import find_tombstones, reference_key

Status, Mode = Signature.Status, ImportBatch.Mode

# Texts for an unknown place. They don't match each other.
UNKNOWN = frozenset(["", "-", "?", "n a", "na", "none", "unknown", "null", "x", "xx"])


class ImportResult(StrEnum):
    """The result for a row of a file."""

    NEW = "new"
    ALREADY_HERE = "already_here"  # the address has signed here: its signature stays as it is
    ALREADY_IMPORTED = "already_imported"  # the same reference came with another file
    TWICE = "twice_in_file"  # the file also has this person with an earlier date
    POSSIBLE = "possible_duplicates"  # same name and place, and one of the two has no email
    LEFT_OUT = "left_out_for_good"  # withdrew, was invalidated, or opted out of emails here
    BLOCKED = "blocked"  # a block rule refuses the address
    REJECTED = "rejected"  # can't be read


@dataclass
class Incoming:
    """A row of a file as an unsaved signature, with its references.

    ``signature`` has all personal fields, ``email_key``, ``signed_at`` and ``confirmed_at``.
    ``references`` are its ids on the platform it comes from, including its ``origin_ref``.
    """

    signature: Signature
    references: tuple[str, ...] = ()
    is_twice: bool = False
    is_alike: bool = False
    is_ticked: bool = False

    @cached_property
    def name(self) -> str:
        """The name in the form that is compared."""
        return fold(f"{self.signature.given_name} {self.signature.family_name}")


def place_key(text: str) -> str:
    """A postcode or city in the form that is compared, or "" if it is unknown."""
    folded = fold(text)
    return "" if folded in UNKNOWN else folded


def sort_out(batch: ImportBatch, incoming: Sequence[Incoming]) -> list[ImportResult]:
    """The result for each of ``incoming``. Writes nothing.

    Rows that ``batch`` itself has recorded count as new, so a partly imported file can be read
    again.
    """
    known = _Known(batch, incoming)
    return [known.result(item) for item in incoming]


def find_alike(batch: ImportBatch, incoming: Sequence[Incoming]) -> list[list[Signature]]:
    """The signatures that each of ``incoming`` possibly duplicates, the lowest number first.

    They are not the batch's own, and have the same name and place, and one of the two no email.
    """
    named: dict[str, dict[int, Signature]] = defaultdict(dict)
    for found in _namesakes(batch, incoming):
        for signature in found:
            named[signature.name_key][signature.pk] = signature
    return [
        sorted(
            (
                signature
                for signature in named[item.name].values()
                if not (item.signature.email_key and signature.email_key)
                and not _get_places(signature).isdisjoint(_get_places(item.signature))
            ),
            key=lambda signature: signature.number or 0,
        )
        for item in incoming
    ]


def _namesakes(batch: ImportBatch, incoming: Sequence[Incoming]) -> Iterator[QuerySet[Signature]]:
    """The signatures with the names of ``incoming``, if one of the two has no email."""
    without = {item.name for item in incoming if not item.signature.email_key}
    others = {item.name for item in incoming if item.signature.email_key}
    counted = Signature.objects.filter(
        petition=batch.petition,
        status__in=[Status.CONFIRMED, Status.INVALIDATED],
        anonymised_at=None,
    )
    if batch.pk:
        # The batch's own signatures aren't duplicates.
        counted = counted.exclude(batch=batch)
    # Few signatures have no email: those from paper or from platforms without addresses.
    # Without "exclude", the index on their names serves at most 100 names at a time.
    unaddressed = counted.filter(email_key=None).exclude(name_key="")
    yield counted.filter(name_key__in=sorted(without - {""}))
    if others and unaddressed.exists():
        yield unaddressed.filter(name_key__in=sorted(others - {""}))


def with_references(
    signatures: QuerySet[Signature], references: Collection[str]
) -> QuerySet[Signature]:
    """Those of ``signatures`` with one of ``references``, found with an index."""
    # The index has only references that aren't "". For a list of more than 100 values, PostgreSQL
    # doesn't use it unless the query says so too.
    return signatures.filter(origin_ref__in=references).exclude(origin_ref="")


class _Known:
    """Loads the data to compare a part of a file with. At most nine queries.

    Most petitions have no tombstones and no signatures without an email, and most sites have few
    rules. So it asks first whether there are any.
    """

    def __init__(self, batch: ImportBatch, incoming: Sequence[Incoming]) -> None:
        self.batch, self.petition = batch, batch.petition
        self.keys = {item.signature.email_key for item in incoming if item.signature.email_key}
        self.references = {
            reference: reference_key(item.signature.origin, reference)
            for item in incoming
            for reference in item.references
        }
        self._read_holders()
        self._read_refusals()
        self.blocked = find_blocked({i.signature.email for i in incoming if i.signature.email})
        self._read_names(incoming)

    def _read_holders(self) -> None:
        """Load signatures with these addresses and references.

        ``others`` is {key: statuses of signatures outside of the batch}, ``own`` the batch's keys.
        """
        self.others: dict[str, set[str]] = defaultdict(set)
        self.own: set[str] = set()
        signatures = Signature.objects.filter(petition=self.petition)
        found = signatures.filter(email_key__in=sorted(self.keys))
        rows = [
            (str(key), status, batch)
            for key, status, batch in found.values_list("email_key", "status", "batch_id")
        ]
        if self.references:
            same = with_references(signatures, sorted(self.references))
            rows += [
                (reference_key(origin, reference), status, batch)
                for origin, reference, status, batch in same.values_list(
                    "origin", "origin_ref", "status", "batch_id"
                )
            ]
        for key, status, batch_pk in rows:
            if self.batch.pk and batch_pk == self.batch.pk:
                self.own.add(key)
            else:
                self.others[key].add(status)

    def _read_refusals(self) -> None:
        self.with_tombstone = find_tombstones(
            self.petition, [*self.keys, *self.references.values()]
        )
        self.opted_out: set[str] = set()
        if not MailOptOut.objects.exists():
            return
        hashes = {
            known: key
            for key in self.keys
            for known in known_address_hashes(key, former_email_key(key))
        }
        opted_out = MailOptOut.objects.filter(address_hash__in=list(hashes))
        if self.batch.mode != Mode.ASK:
            # A list of people who want no emails doesn't say that they didn't sign. They count,
            # whichever file comes first, and get no emails.
            opted_out = opted_out.filter(batch=None)
        found = opted_out.values_list("address_hash", flat=True)
        self.opted_out = {hashes[known] for known in found}

    def _read_names(self, incoming: Sequence[Incoming]) -> None:
        """Load the places of signers with these names, if one of the two has no email."""
        self.places: dict[tuple[str, bool], set[tuple[str, str]]] = defaultdict(set)
        for found in _namesakes(self.batch, incoming):
            rows = found.values_list("name_key", "postcode", "city", "email_key")
            for name, postcode, city, key in rows:
                places = _places(postcode, city)
                self.places[name, False] |= places
                if key is None:
                    self.places[name, True] |= places

    def result(self, item: Incoming) -> ImportResult:
        """The result for one row."""
        signature = item.signature
        key = signature.email_key or ""
        references = [self.references[reference] for reference in item.references]
        statuses = self.others.get(key, set())
        if any(reference in self.others for reference in references):
            return ImportResult.ALREADY_IMPORTED
        if Status.CONFIRMED in statuses:
            return ImportResult.ALREADY_HERE
        if Status.INVALIDATED in statuses:
            return ImportResult.LEFT_OUT
        if Status.UNCONFIRMED in statuses and self.batch.mode == Mode.ASK:
            # They were asked to confirm already.
            return ImportResult.ALREADY_HERE
        if not self.own.isdisjoint([key, *references]):
            return ImportResult.TWICE if item.is_twice else ImportResult.NEW
        if not self.with_tombstone.isdisjoint([key, *references]) or key in self.opted_out:
            return ImportResult.LEFT_OUT
        if signature.email in self.blocked:
            return ImportResult.BLOCKED
        if item.is_twice:
            return ImportResult.TWICE
        if not item.is_ticked and (item.is_alike or self._is_alike(item)):
            return ImportResult.POSSIBLE
        return ImportResult.NEW

    def _is_alike(self, item: Incoming) -> bool:
        signature = item.signature
        if not (known := self.places.get((item.name, bool(signature.email_key)))):
            return False
        return not known.isdisjoint(_get_places(signature))


def _get_places(signature: Signature) -> set[tuple[str, str]]:
    return _places(signature.postcode, signature.city)


def _places(postcode: str, city: str) -> set[tuple[str, str]]:
    places = {("postcode", place_key(postcode)), ("city", place_key(city))}
    return {(kind, place) for kind, place in places if place}
