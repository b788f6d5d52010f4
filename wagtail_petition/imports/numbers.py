"""Find the signatures of rows in this site's exports by their numbers.

Exports hold no reference. Without it, people who have no email would be imported again.
"""

import functools

from wagtail_petition.models.petition import Petition
from wagtail_petition.models.search import fold
from wagtail_petition.models.signature import Signature

from .person import Person

# Exports are in the order of numbers, so numbers are read in blocks, and a few of these kept.
BLOCK, KEPT = 1000, 4
# In seconds: what the time zone of an export can shift a date by.
SHIFT = 24 * 60 * 60
FIELDS = (
    "email",
    "email_key",
    "origin",
    "origin_ref",
    "status",
    "given_name",
    "family_name",
    "signed_at",
)


class Numbers:
    """The signatures of ``petition`` by their numbers."""

    def __init__(self, petition: Petition) -> None:
        self.petition = petition
        self._block = functools.lru_cache(maxsize=KEPT)(self._read)

    def _read(self, block: int) -> dict[int, Signature]:
        first = block * BLOCK
        found = Signature.objects.filter(
            petition=self.petition, number__gte=first, number__lt=first + BLOCK
        )
        return {each.number: each for each in found.only("number", *FIELDS)}

    def find(self, text: str, person: Person) -> Signature | None:
        """The signature with this number, if it is the person's, or has been erased."""
        if not text.isascii() or not text.isdecimal() or len(text) > 9:
            return None
        found = self._block(int(text) // BLOCK).get(int(text))
        if found is None:
            return None
        if not found.given_name and not found.family_name:
            # Only the date is left.
            apart = found.signed_at.timestamp() - person.fields["signed_at"].timestamp()
            return found if abs(apart) <= SHIFT else None
        names = (person.fields["given_name"], person.fields["family_name"])
        is_same = fold(" ".join(names)) == fold(f"{found.given_name} {found.family_name}")
        return found if is_same else None
