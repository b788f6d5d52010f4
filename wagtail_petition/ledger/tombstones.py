"""Tombstones of people who withdrew or whose data was erased on request.

They prevent another import. A tombstone is a keyed hash for one petition. It can be matched only
with the key and the address itself.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from wagtail_petition.identity.hashing import known_tombstone_hashes, tombstone_hash
from wagtail_petition.models.import_batch import Tombstone
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature


def reference_key(origin: str, reference: str) -> str:
    """The key of a signer without an address: the id on the platform where they signed."""
    return f"{origin} {reference}"


def store_tombstones(petition: Petition, signatures: QuerySet[Signature]) -> None:
    """Store tombstones for ``signatures``. Call it before their data is erased."""
    found = signatures.filter(Q(email_key__isnull=False) | ~Q(origin_ref=""))
    keys = set()
    for email_key, origin, reference in found.values_list("email_key", "origin", "origin_ref"):
        if email_key:
            keys.add(email_key)
        if reference:
            keys.add(reference_key(origin, reference))
    place = str(petition.key)
    Tombstone.objects.bulk_create(
        [Tombstone(petition=petition, key_hash=tombstone_hash(place, key)) for key in keys],
        ignore_conflicts=True,
        batch_size=500,
    )


def find_tombstones(petition: Petition, keys: Iterable[str]) -> set[str]:
    """The items of ``keys`` (canonical addresses, ``reference_key``) with a tombstone."""
    stored = Tombstone.objects.filter(petition=petition)
    if not stored.exists():
        return set()
    place = str(petition.key)
    hashes = {known: key for key in keys for known in known_tombstone_hashes(place, key)}
    found = stored.filter(key_hash__in=list(hashes))
    return {hashes[known] for known in found.values_list("key_hash", flat=True)}
