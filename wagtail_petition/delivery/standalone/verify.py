#!/usr/bin/env python3
"""Check a delivery of signatures, or the receipt of one signature, without the site they are from.

    python verify.py delivery.zip
    python verify.py receipt.json
    python verify.py receipt.json delivery.zip
    python verify.py receipt.json ROOT

ROOT is the root printed in the delivery's letter. Needs Python 3.8 or later, nothing else, and no
network. The format is described in proof-format.md, in the documentation of wagtail_petition.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import re
import sys
import zipfile
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

DELIVERY = "wagtail_petition delivery 1"
PROOF = "wagtail_petition proof 1"
SIGNATURE = "wagtail_petition signature 1"
NAME = "wagtail_petition name 1"
RECEIPT = "wagtail_petition receipt 1"

MANIFEST, LETTER, TABLE = "manifest.json", "letter.pdf", "signatures.csv"
# What the hash of a signature is made of.
FIELDS = ("name", "number", "salt", "text", "time")
# The start of the chain if there was no earlier delivery.
NOTHING = bytes(32)
# How many numbers a finding names.
NAMED = 20
HASH = re.compile("[0-9a-f]{64}")
SALT = re.compile("[0-9a-f]{32}")
NUMBER = re.compile("[1-9][0-9]{0,14}")
# Kept, because ``json.dumps`` would make it anew for each of many signatures.
ENCODE = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
# What is raised if the bytes of a file in a ZIP file were changed.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError)
LINE = re.compile(rb"([1-9][0-9]{0,14}) ([0-9a-f]{64}) ([0-9a-f]{64})\n")

TEXTS = {
    "file.same": "{file}: {size} bytes, SHA-256 as listed",
    "file.changed": "{file}: changed since it was made",
    "file.missing": "{file}: missing",
    "file.unlisted": "{file}: not listed in the manifest",
    "proof.same": "{file}: chain and root as listed, signatures: {count}",
    "proof.unreadable": "{file}: line {line} can’t be read",
    "proof.order": "{file}: line {line}, number {number}, is out of order",
    "proof.link": "{file}: the chain breaks at line {line}, number {number}",
    "proof.added": "{file}: rows were added; {count} instead of {listed}",
    "proof.removed": "{file}: rows were removed; {count} instead of {listed}",
    "proof.changed": "{file}: rows were changed or swapped; the root is another",
    "table.same": "{file}: has the numbers in the proof and no others",
    "table.added": "{file}: rows were added that the proof doesn’t have: {numbers}",
    "table.removed": "{file}: rows were removed that the proof has: {numbers}",
    "table.swapped": "{file}: rows were swapped: {numbers}",
    "table.unreadable": "{file}: row {line} can’t be read",
    "receipt.unreadable": "The receipt is forged or damaged: a value is missing or malformed",
    "receipt.text": "The receipt has the text that was signed",
    "receipt.text_changed": "The receipt is forged: it has another text than the one signed",
    "receipt.undelivered": "Number {number} is in no delivery that was handed over",
    "receipt.included": "Number {number} is in the delivery to {recipient} with the root {root}",
    "receipt.forged": "The receipt is forged: its path doesn’t lead to the root {root}",
    "receipt.elsewhere": "The receipt is for no delivery with the root {root}",
    "receipt.line": "{file}: number {number} with the hash of this receipt",
    "receipt.line_differs": "{file}: number {number} is missing or has another hash",
    "receipt.name": "{file}: number {number} has the name that was signed",
    "receipt.name_differs": "{file}: number {number} is missing or has another name",
}


class Unusable(ValueError):
    """Neither a delivery nor a receipt. The message says why."""


class Finding(NamedTuple):
    """One result: whether it holds, a key of ``TEXTS``, and the values in that text."""

    holds: bool
    code: str
    values: dict[str, Any] = {}

    def __str__(self) -> str:
        return TEXTS[self.code].format(**self.values)


# Hashes


def canonical(value: Any) -> bytes:
    """``value`` as canonical JSON (RFC 8785, for texts and whole numbers)."""
    return ENCODE(value).encode(errors="surrogatepass")


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def hash_name(salt: str, given_name: str, family_name: str) -> str:
    """The salted hash of a name, in hexadecimal."""
    return sha256(canonical([NAME, salt, given_name, family_name])).hex()


def hash_leaf(signature: dict[str, Any]) -> bytes:
    """The hash of a signature, a dict with the keys in ``FIELDS``."""
    leaf = {name: signature[name] for name in FIELDS}
    return sha256(b"\x00" + canonical({"format": SIGNATURE, **leaf}))


def hash_node(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours in the tree."""
    return sha256(b"\x01" + left + right)


def hash_link(before: bytes, number: int, leaf: bytes) -> bytes:
    """The hash in the chain of a signature, from the hash before it."""
    return sha256(b"\x02" + before + number.to_bytes(8, "big") + leaf)


def pair(hashes: list[bytes]) -> list[bytes]:
    """The next level of the tree. A last hash without a neighbour moves up as it is."""
    nodes = list(map(hash_node, hashes[::2], hashes[1::2]))
    return nodes + hashes[-1:] if len(hashes) % 2 else nodes


class Tree:
    """The root of a Merkle tree (RFC 9162) over leaves that come one after the other."""

    def __init__(self) -> None:
        # The roots of the complete trees so far, with their heights.
        self._done: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        height = 0
        while self._done and self._done[-1][0] == height:
            leaf = hash_node(self._done.pop()[1], leaf)
            height += 1
        self._done.append((height, leaf))

    @property
    def root(self) -> bytes:
        if not self._done:
            return sha256(b"")
        root = self._done[-1][1]
        for _height, left in reversed(self._done[:-1]):
            root = hash_node(left, root)
        return root


def follow(leaf: bytes, position: int, size: int, path: Iterable[bytes]) -> bytes | None:
    """The root that a path leads to from a leaf (RFC 9162, 2.1.3.2); None if it has a wrong length.

    ``position`` counts from 0, ``size`` is the number of leaves.
    """
    at, last = position, size - 1
    if not 0 <= at <= last:
        return None
    for neighbour in path:
        if last == 0:
            return None
        if at % 2 or at == last:
            leaf = hash_node(neighbour, leaf)
            while at and at % 2 == 0:
                at, last = at >> 1, last >> 1
        else:
            leaf = hash_node(leaf, neighbour)
        at, last = at >> 1, last >> 1
    return None if last else leaf


# A delivery


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest of a delivery. Raises ``KeyError`` without one, ``Unusable`` if it isn't ours."""
    manifest = json.loads(archive.read(MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != DELIVERY:
        raise Unusable(f"{MANIFEST} is not of the format {DELIVERY!r}.")
    return manifest


def check_delivery(archive: zipfile.ZipFile) -> Iterator[Finding]:
    """Check a delivery's files, its proof, and the numbers in its table."""
    manifest = read_manifest(archive)
    yield from check_files(archive, manifest)
    proof = manifest.get("proof")
    if not proof or proof["file"] not in archive.namelist():
        return
    numbers = array("Q")
    try:
        yield from check_proof(archive, manifest, numbers)
        if TABLE in archive.namelist() and (numbers or not manifest["signatures"]):
            yield check_table(archive, manifest, numbers)
    except DAMAGE:
        # The file has been named above.
        return


def check_files(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> Iterator[Finding]:
    """Compare the files with the manifest."""
    listed = {entry["name"]: entry for entry in manifest["files"]}
    present = set(archive.namelist())
    for name, entry in sorted(listed.items()):
        if name not in present:
            yield Finding(False, "file.missing", {"file": name})
            continue
        digest, size = hashlib.sha256(), 0
        try:
            with archive.open(name) as file:
                while block := file.read(1 << 20):
                    digest.update(block)
                    size += len(block)
        except DAMAGE:
            size = -1
        if (size, digest.hexdigest()) == (entry["size"], entry["sha256"]):
            yield Finding(True, "file.same", {"file": name, "size": size})
        else:
            yield Finding(False, "file.changed", {"file": name})
    for name in sorted(present - listed.keys() - {MANIFEST, LETTER}):
        yield Finding(False, "file.unlisted", {"file": name})


def check_proof(
    archive: zipfile.ZipFile, manifest: dict[str, Any], numbers: array[int]
) -> Iterator[Finding]:
    """Compare the list of hashes with chain and root in the manifest. Fills ``numbers``."""
    proof, listed = manifest["proof"], manifest["signatures"]
    name, tree = proof["file"], Tree()
    link = bytes.fromhex(proof["previous"]) or NOTHING
    # The first line of each kind is named.
    is_ordered = is_linked = True
    last = 0
    with archive.open(name) as file:
        for position, line in enumerate(file, 1):
            found = LINE.fullmatch(line)
            if found is None:
                yield Finding(False, "proof.unreadable", {"file": name, "line": position})
                del numbers[:]
                return
            number, leaf = int(found[1]), bytes.fromhex(found[2].decode())
            where = {"file": name, "line": position, "number": number}
            link = hash_link(link, number, leaf)
            if is_ordered and number <= last:
                is_ordered = False
                yield Finding(False, "proof.order", where)
            if is_linked and link.hex().encode() != found[3]:
                is_linked = False
                yield Finding(False, "proof.link", where)
            last = number
            numbers.append(number)
            tree.add(leaf)
    count = len(numbers)
    if count != listed:
        code = "proof.added" if count > listed else "proof.removed"
        yield Finding(False, code, {"file": name, "count": count, "listed": listed})
    elif tree.root.hex() != proof["root"] or link.hex() != proof["chain"]:
        yield Finding(False, "proof.changed", {"file": name})
    elif is_ordered and is_linked:
        yield Finding(True, "proof.same", {"file": name, "count": count})


def check_table(archive: zipfile.ZipFile, manifest: dict[str, Any], numbers: array[int]) -> Finding:
    """Compare the numbers in the table with those in the proof, in order if it is the table's."""
    at, found, numbers = manifest["table"].index("number"), array("Q"), array("Q", sorted(numbers))
    try:
        for row in _rows(archive):
            if not NUMBER.fullmatch(row[at]):
                raise ValueError
            found.append(int(row[at]))
    except (IndexError, ValueError, csv.Error):
        return Finding(False, "table.unreadable", {"file": TABLE, "line": len(found) + 1})
    if manifest["order"] != "number":
        found = array("Q", sorted(found))
    if found == numbers:
        return Finding(True, "table.same", {"file": TABLE})
    if odd := Counter(found) - Counter(numbers):
        code = "table.added"
    elif odd := Counter(numbers) - Counter(found):
        code = "table.removed"
    else:
        code, odd = "table.swapped", Counter(map(_unlike, found, numbers))
        del odd[0]
    return Finding(False, code, {"file": TABLE, "numbers": _named(sorted(odd.elements()))})


def _unlike(number: int, other: int) -> int:
    return 0 if number == other else number


def _rows(archive: zipfile.ZipFile) -> Iterator[list[str]]:
    """The rows of the table, without the header."""
    with archive.open(TABLE) as file:
        reader = csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline=""))
        next(reader, None)
        yield from reader


def _named(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:NAMED])) + (" …" if len(numbers) > NAMED else "")


# A receipt


def check_receipt(
    receipt: Any, archive: zipfile.ZipFile | None = None, root: str = ""
) -> Iterator[Finding]:
    """Check a receipt by itself, and against a delivery or the ``root`` of one if given."""
    if not is_receipt(receipt):
        yield Finding(False, "receipt.unreadable")
        return
    signature, text = receipt["signature"], receipt.get("signed_text")
    if text is not None and sha256(text.encode(errors="surrogatepass")).hex() == signature["text"]:
        yield Finding(True, "receipt.text")
    elif text is not None:
        yield Finding(False, "receipt.text_changed")
    leaf, number = hash_leaf(signature), signature["number"]
    good = []
    for each in receipt["deliveries"]:
        path = map(bytes.fromhex, each["path"])
        reached = follow(leaf, each["position"], each["signatures"], path)
        if reached is None or reached.hex() != each["root"]:
            yield Finding(False, "receipt.forged", {"root": each["root"]})
            continue
        good.append(each["root"])
        values = {"number": number, "recipient": each["recipient"], "root": each["root"]}
        yield Finding(True, "receipt.included", values)
    if not receipt["deliveries"]:
        yield Finding(True, "receipt.undelivered", {"number": number})
    if root and root not in good:
        yield Finding(False, "receipt.elsewhere", {"root": root})
    if archive is not None:
        manifest = read_manifest(archive)
        own = manifest.get("proof", {}).get("root", "")
        if own and own in good:
            yield from _check_row(archive, manifest, signature, leaf.hex())
        else:
            yield Finding(False, "receipt.elsewhere", {"root": own})


def _check_row(
    archive: zipfile.ZipFile, manifest: dict[str, Any], signature: dict[str, Any], leaf: str
) -> Iterator[Finding]:
    """Compare a receipt with the line and the row of its number."""
    number, name = signature["number"], manifest["proof"]["file"]
    start = f"{number} {leaf} ".encode()
    is_there = False
    if name in archive.namelist():
        with archive.open(name) as file:
            is_there = any(line.startswith(start) for line in file)
    code = "receipt.line" if is_there else "receipt.line_differs"
    yield Finding(is_there, code, {"file": name, "number": number})
    columns = manifest["table"]
    if TABLE not in archive.namelist() or not {"given_name", "family_name"} <= set(columns):
        return
    at, given, family = map(columns.index, ("number", "given_name", "family_name"))
    rows = (row for row in _rows(archive) if len(row) == len(columns) and row[at] == str(number))
    row = next(rows, None)
    is_same = row is not None and any(
        hash_name(signature["salt"], *name) == signature["name"]
        for name in itertools.product(_unguarded(row[given]), _unguarded(row[family]))
    )
    code = "receipt.name" if is_same else "receipt.name_differs"
    yield Finding(is_same, code, {"file": TABLE, "number": number})


def _unguarded(cell: str) -> list[str]:
    """What a cell may stand for. Apostrophes may guard parts of it from becoming formulas."""
    parts = re.sub("(?<=[;,|\t\r\n])'", "", cell)
    return [cell, cell[1:], parts, parts[1:]] if cell[:1] == "'" else [cell, parts]


def is_receipt(receipt: Any) -> bool:
    """Whether ``receipt`` has the form of a receipt: all values, of the right types."""

    def is_number(value: Any, least: int) -> bool:
        return type(value) is int and least <= value < 10**15

    def is_hash(value: Any, form: re.Pattern[str] = HASH) -> bool:
        return type(value) is str and form.fullmatch(value) is not None

    if type(receipt) is not dict or receipt.get("format") != RECEIPT:
        return False
    signature, deliveries = receipt.get("signature"), receipt.get("deliveries")
    if type(signature) is not dict or type(deliveries) is not list:
        return False
    return (
        is_number(signature.get("number"), 1)
        and is_hash(signature.get("salt"), SALT)
        and is_hash(signature.get("name"))
        and is_hash(signature.get("text"))
        and type(signature.get("time")) is str
        and type(receipt.get("signed_text", "")) is str
        and all(
            type(each) is dict
            and type(each.get("recipient")) is str
            and is_hash(each.get("root"))
            and is_number(each.get("position"), 0)
            and is_number(each.get("signatures"), 1)
            and type(each.get("path")) is list
            and all(map(is_hash, each["path"]))
            for each in deliveries
        )
    )


# The command


def main(arguments: list[str]) -> int:
    """Check what is named. Returns 0 if all holds, 1 if something doesn't, 2 if it is unusable."""
    archive, receipt, root = None, None, ""
    try:
        for argument in arguments:
            if HASH.fullmatch(argument.lower()):
                root = argument.lower()
            elif zipfile.is_zipfile(argument):
                archive = zipfile.ZipFile(argument)
            else:
                with open(argument, encoding="utf-8") as file:
                    receipt = json.load(file)
        if archive is None and receipt is None:
            print(__doc__)
            return 2
        findings = list(check_delivery(archive)) if archive else []
        if receipt is not None:
            findings += check_receipt(receipt, archive, root)
        if archive:
            digest = sha256(archive.read(MANIFEST)).hex()
            print(f"SHA-256 of {MANIFEST}: {digest}")
            proof = read_manifest(archive).get("proof")
            print(f"Root: {proof['root']}" if proof else "Made without a proof.")
            print(
                f"Root of the delivery before it: {proof['previous'] or 'none'}\n" if proof else ""
            )
    except (OSError, KeyError, ValueError, TypeError, *DAMAGE) as error:
        print(f"This can't be checked: {error}")
        return 2
    for finding in findings:
        print(f"{'holds' if finding.holds else 'FAILS'}  {finding}")
    if all(finding.holds for finding in findings):
        print("Everything holds.")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
