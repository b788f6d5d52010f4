"""The proof of a delivery: a salted hash for each signature, their chain, and the root of a tree.

The list of hashes is a file in the ZIP, which is deleted after some time. The hashes alone stay in
the database, as tiles of the tree, for the paths in signers' receipts. ``standalone.verify``
computes and checks them without this package; docs/reference/proof-format.md is the format.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils import timezone

from wagtail_petition import addresses
from wagtail_petition.exports.cells import clean
from wagtail_petition.models.delivery import Delivery, ProofTile
from wagtail_petition.pages.mixin import PetitionPageMixin

from . import selection
from .membership import Members
from .standalone import verify

NAME = "proof.txt"
# Shipped in each ZIP, for people who have nothing else.
VERIFIERS = ("verify.html", "verify.py")
# The size of a hash in bytes, and how many of them a tile holds, which are eight levels of a tree.
HASH = 32
TILE = 256
# The fields of a signature that its hash needs.
NEEDS = ("number", "salt", "signed_text_id", "confirmed_at", "given_name", "family_name")


def read_verifier(name: str) -> bytes:
    """The bytes of one of ``VERIFIERS``."""
    return (Path(verify.__file__).parent / name).read_bytes()


def find_address(delivery: Delivery, page: PetitionPageMixin) -> str:
    """The URL of the page about verifying, to print; "" if the site has no URLs."""
    try:
        stored = delivery.petition.script_name
        return addresses.step_url(page, "proof", page.petition_key, stored=stored)
    except addresses.NoAddressError:
        return ""


def describe(
    number: int,
    salt: bytes | memoryview,
    text_sha256: str,
    confirmed_at: datetime,
    given_name: str,
    family_name: str,
) -> dict[str, Any]:
    """What the hash of a signature is made of, as in its receipt. No value names the person."""
    written = bytes(salt).hex()
    return {
        "number": number,
        "salt": written,
        "text": text_sha256,
        "time": _as_utc(confirmed_at),
        # As the table has it.
        "name": verify.hash_name(written, clean(given_name), clean(family_name)),
    }


def _as_utc(moment: datetime) -> str:
    """A moment in UTC to the microsecond, "2026-11-27T10:18:10.000000Z"."""
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment, timezone.get_default_timezone())
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def find_previous(delivery: Delivery) -> str:
    """The root of the petition's last delivery that was handed over; "" if there is none."""
    others = Delivery.objects.filter(petition=delivery.petition_id, state=Delivery.State.DELIVERED)
    found = others.exclude(pk=delivery.pk).exclude(root="").order_by("delivered_on", "pk")
    return found.values_list("root", flat=True).last() or ""


class Proof:
    """The proof of a delivery while it is built. ``write`` sets ``root`` and ``chain``.

    Signatures are added within a ``with`` statement. They are added in the delivery's order, and
    listed in the order of their numbers. Memory
    doesn't grow with the hashes, which are in a file of ``folder``.
    """

    def __init__(self, delivery: Delivery, folder: Path) -> None:
        self.previous = find_previous(delivery)
        self.root = self.chain = ""
        self._texts = dict(selection.get_texts(delivery.petition).values_list("pk", "sha256"))
        self._path, self._list = folder / "proof.leaves", folder / NAME
        self._numbers: Sequence[int] = ()

    def __enter__(self) -> "Proof":
        self._file = self._path.open("wb")
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def add(self, number, salt, text, confirmed_at, given_name, family_name):
        """Add a signature, by the values of ``NEEDS``."""
        found = describe(number, salt, self._texts[text], confirmed_at, given_name, family_name)
        self._file.write(verify.hash_leaf(found))

    def write(self, numbers: Sequence[int]) -> None:
        """Write the list, for the ``numbers`` in the order in which they were added."""
        self._numbers = numbers
        link, tree = bytes.fromhex(self.previous) or verify.NOTHING, verify.Tree()
        with self._list.open("wb") as file:
            for number, leaf in self._leaves():
                link = verify.hash_link(link, number, leaf)
                tree.add(leaf)
                file.write(b"%d %s %s\n" % (number, leaf.hex().encode(), link.hex().encode()))
        self.root, self.chain = tree.root.hex(), link.hex()

    def _leaves(self) -> Iterator[tuple[int, bytes]]:
        """Yield (number, hash) of each signature, in the order of the numbers."""
        numbers = self._numbers
        with self._path.open("rb") as file:
            if all(map(int.__lt__, numbers, islice(numbers, 1, None))):
                for number in numbers:
                    yield number, file.read(HASH)
                return
            for place in sorted(range(len(numbers)), key=numbers.__getitem__):
                file.seek(place * HASH)
                yield numbers[place], file.read(HASH)

    def as_data(self) -> dict[str, str]:
        """The entry in the manifest."""
        return {
            "format": verify.PROOF,
            "file": NAME,
            "root": self.root,
            "chain": self.chain,
            "previous": self.previous,
        }

    def write_verifiers(self) -> list[str]:
        """Write the verifiers beside the list. Returns the names of all these files."""
        for name in VERIFIERS:
            self._list.with_name(name).write_bytes(read_verifier(name))
        return [NAME, *VERIFIERS]

    def keep(self, delivery: Delivery) -> None:
        """Store the tiles of the tree. Safe to repeat: they are the same for the same root."""
        made = (
            ProofTile(
                delivery=delivery, root=self.root, level=level, position=position, hashes=hashes
            )
            for level, position, hashes in tiles(leaf for _number, leaf in self._leaves())
        )
        # Many short transactions, since signers wait for a long one on SQLite.
        while batch := list(islice(made, 100)):
            ProofTile.objects.bulk_create(batch, ignore_conflicts=True)


def tiles(leaves: Iterable[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Yield (level, position, hashes) of each tile of the tree over ``leaves``."""
    level, hashes = 0, iter(leaves)
    while True:
        roots, position = [], 0
        while block := list(islice(hashes, TILE)):
            yield level, position, b"".join(block)
            roots.append(_root(block))
            position += 1
        if len(roots) <= 1:
            return
        level, hashes = level + 1, iter(roots)


def _root(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = verify.pair(hashes)
    return hashes[0]


def drop_old(delivery: Delivery, root: str) -> None:
    """Delete the tiles of earlier builds of ``delivery``, whose root is now ``root``."""
    ProofTile.objects.filter(delivery=delivery).exclude(root=root).delete()


def find_path(delivery: Delivery, number: int) -> tuple[int, list[str]]:
    """Where a number is in the tree of ``delivery``: its position, and the path to the root.

    The path are the hashes of neighbours, in hexadecimal. The number must be in the delivery.
    """
    kept = ProofTile.objects.filter(delivery=delivery, root=delivery.root)

    def read(level: int, tile: int) -> bytes:
        return bytes(kept.values_list("hashes", flat=True).get(level=level, position=tile))

    position = Members(delivery.members).position(number)
    return position, [step.hex() for step in walk(position, delivery.count, read)]


def walk(position: int, size: int, read: Callable[[int, int], bytes]) -> Iterator[bytes]:
    """Yield the path from a leaf to the root of a tree with ``size`` leaves.

    ``read(level, position)`` returns the hashes of a tile.
    """
    level, tile = 0, position
    while size > 1:
        tile, at = divmod(tile, TILE)
        hashes = read(level, tile)
        row = [hashes[start : start + HASH] for start in range(0, len(hashes), HASH)]
        while len(row) > 1:
            if at ^ 1 < len(row):
                yield row[at ^ 1]
            row, at = verify.pair(row), at >> 1
        level, size = level + 1, -(-size // TILE)
