"""Sets of signature numbers as compressed bitmaps.

Number n is bit n. A million consecutive numbers take about a kilobyte, and six million random
ones less than a megabyte. So the members of a delivery fit into its row.
"""

import zlib
from collections.abc import Iterable, Iterator


def pack(numbers: Iterable[int]) -> bytes:
    """The compressed bitmap of positive integers, in any order."""
    bits = bytearray()
    for number in numbers:
        byte, bit = divmod(number, 8)
        if byte >= len(bits):
            bits.extend(bytes(max(byte + 1 - len(bits), len(bits), 1024)))
        bits[byte] |= 1 << bit
    return zlib.compress(bytes(bits).rstrip(b"\0"))


class Members:
    """The numbers in a packed bitmap.

    Supports ``in``, iteration in ascending order, ``len``, ``|``, ``&`` and ``isdisjoint``.
    """

    def __init__(self, packed: bytes | memoryview = b"") -> None:
        self._bits = zlib.decompress(bytes(packed)) if packed else b""

    def __contains__(self, number: int | None) -> bool:
        if number is None:
            return False
        byte, bit = divmod(number, 8)
        return byte < len(self._bits) and bool(self._bits[byte] >> bit & 1)

    def __len__(self) -> int:
        return self._as_int().bit_count()

    def __iter__(self) -> Iterator[int]:
        for position, byte in enumerate(self._bits):
            if byte:
                yield from (position * 8 + bit for bit in range(8) if byte >> bit & 1)

    def position(self, number: int) -> int:
        """How many smaller numbers are in the set."""
        byte, bit = divmod(number, 8)
        below = int.from_bytes(self._bits[:byte], "little").bit_count()
        return below + (self._bits[byte] & (1 << bit) - 1).bit_count()

    @property
    def last(self) -> int | None:
        """The highest number, or None if there is none."""
        bits = self._as_int()
        return bits.bit_length() - 1 if bits else None

    def isdisjoint(self, other: "Members") -> bool:
        """Whether the two have no number in common."""
        return not self._as_int() & other._as_int()

    def __or__(self, other: "Members") -> "Members":
        return _from_int(self._as_int() | other._as_int())

    def __and__(self, other: "Members") -> "Members":
        return _from_int(self._as_int() & other._as_int())

    def _as_int(self) -> int:
        return int.from_bytes(self._bits, "little")


def _from_int(bits: int) -> Members:
    members = Members()
    members._bits = bits.to_bytes(-(-bits.bit_length() // 8), "little")
    return members
