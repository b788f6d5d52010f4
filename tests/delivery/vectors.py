"""The test vectors of the format of proofs: ``python -m tests.delivery.vectors`` writes the file.

They are part of the documentation: programs that verify deliveries can be tested with them. What
they find is written here by hand, the hashes come from the verifier.
"""

import copy
import csv
import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path

from wagtail_petition.delivery.standalone import verify

PATH = Path(__file__).resolve().parents[2] / "docs" / "reference" / "proof-vectors.json"
# Five, so that the tree has a leaf without a neighbour on two levels.
PEOPLE = [
    (1, "Anna", "Moretti"),
    (2, "=Bruno", "O’Neill"),
    (4, "小龍", "李"),
    (7, "José; @Ángel", "Núñez y Gómez"),
    (12, "محمد", ""),
]
TEXT = (
    '{"consent":"<p>Yes.</p>","language":"en","letter":"<p>Please.</p>","questions":[],"title":"A"}'
)
PREVIOUS = sha256(b"an earlier delivery").hexdigest()
COLUMNS = ["number", "given_name", "family_name", "city"]


def signatures():
    """What the hashes of the signatures are made of."""
    made = []
    for number, given_name, family_name in PEOPLE:
        salt = sha256(f"salt {number}".encode()).hexdigest()[:32]
        made.append(
            {
                "name": verify.hash_name(salt, given_name, family_name),
                "number": number,
                "salt": salt,
                "text": sha256(TEXT.encode()).hexdigest(),
                "time": f"2026-05-{number:02}T10:20:30.000123Z",
            }
        )
    return made


def table(people=PEOPLE):
    """The table, with the apostrophes that keep texts from becoming formulas."""
    guards = {"=Bruno": "'=Bruno", "José; @Ángel": "José;' @Ángel"}
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["Number", "First name", "Last name", "City"])
    writer.writerows([n, guards.get(given, given), family, ""] for n, given, family in people)
    return "\ufeff" + file.getvalue()


def proof_list(leaves, previous=PREVIOUS):
    """The list of hashes, its chain's end, and its root."""
    lines, link, tree = [], bytes.fromhex(previous), verify.Tree()
    for number, leaf in leaves:
        link = verify.hash_link(link, number, leaf)
        tree.add(leaf)
        lines.append(f"{number} {leaf.hex()} {link.hex()}\n")
    return "".join(lines), link.hex(), tree.root.hex()


def delivery():
    """The files of a delivery, {name: text}, and the receipt of each of its signatures."""
    signed = signatures()
    leaves = [(each["number"], verify.hash_leaf(each)) for each in signed]
    lines, chain, root = proof_list(leaves)
    files = {"proof.txt": lines, "signatures.csv": table()}
    manifest = {
        "format": verify.DELIVERY,
        "order": "number",
        "table": COLUMNS,
        "signatures": len(signed),
        "proof": {
            "format": verify.PROOF,
            "file": "proof.txt",
            "root": root,
            "chain": chain,
            "previous": PREVIOUS,
        },
        "files": [
            {
                "name": name,
                "size": len(text.encode()),
                "sha256": sha256(text.encode()).hexdigest(),
            }
            for name, text in sorted(files.items())
        ],
    }
    files["manifest.json"] = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
    receipts = [
        {
            "format": verify.RECEIPT,
            "petition": {"key": "6f0c3c1e-0d6b-4b7e-9c55-7f1f6d0a5b1e", "title": "A"},
            "signature": each,
            "signed_text": TEXT,
            "deliveries": [
                {
                    "recipient": "Jane Doe",
                    "delivered_on": "2026-06-01",
                    "manifest_sha256": sha256(files["manifest.json"].encode()).hexdigest(),
                    "root": root,
                    "signatures": len(signed),
                    "position": position,
                    "path": [step.hex() for step in path([leaf for _n, leaf in leaves], position)],
                }
            ],
        }
        for position, each in enumerate(signed)
    ]
    return files, receipts


def path(leaves, at):
    """The neighbours on the way from a leaf to the root."""
    steps = []
    while len(leaves) > 1:
        if at ^ 1 < len(leaves):
            steps.append(leaves[at ^ 1])
        leaves, at = verify.pair(leaves), at // 2
    return steps


def as_zip(files):
    """The bytes of a ZIP file with {name: text}."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file.getvalue()


def changed(value, *keys):
    """A copy of a nested ``value`` with the last of ``keys`` in the place of the others."""
    made = copy.deepcopy(value)
    *places, last, new = keys
    inner = made
    for place in places:
        inner = inner[place]
    inner[last] = new
    return made


def cases():
    """Yield (name, files or None, receipt or None, root, what is found: {code: holds})."""
    files, receipts = delivery()
    root = receipts[0]["deliveries"][0]["root"]
    whole = {"file.same": True, "proof.same": True, "table.same": True}
    yield "a delivery", files, None, "", whole
    spoiled = {"file.same": True, "file.changed": False}
    for name, people, code in (
        ("a name changed in the table", [(1, "Ann", "Moretti"), *PEOPLE[1:]], "table.same"),
        ("a row added to the table", [*PEOPLE, (13, "Carla", "Rossi")], "table.added"),
        ("a row repeated in the table", [*PEOPLE, PEOPLE[-1]], "table.added"),
        ("a row removed from the table", PEOPLE[1:], "table.removed"),
        ("two rows swapped in the table", [*PEOPLE[1::-1], *PEOPLE[2:]], "table.swapped"),
    ):
        found = spoiled | {"proof.same": True, code: code == "table.same"}
        yield name, {**files, "signatures.csv": table(people)}, None, "", found
    yield (
        "a table without numbers",
        {**files, "signatures.csv": "Number\r\nx,Anna\r\n"},
        None,
        "",
        spoiled | {"proof.same": True, "table.unreadable": False},
    )
    lines = files["proof.txt"].splitlines(keepends=True)
    other = lines[2].replace(lines[2].split()[1], "0" * 64)
    for name, made, codes in (
        ("a line removed", lines[:2] + lines[3:], ("proof.link", "proof.removed", "table.added")),
        ("a line added", [*lines, lines[-1]], ("proof.order", "proof.added", "table.removed")),
        (
            "two lines swapped",
            [*lines[1::-1], *lines[2:]],
            ("proof.link", "proof.order", "proof.changed", "table.same"),
        ),
        ("a hash changed", [*lines[:2], other, *lines[3:]], ("proof.link", "proof.changed")),
        ("the last line cut short", [*lines[:-1], lines[-1][:-1]], ("proof.unreadable",)),
    ):
        yield f"{name} in the proof", {**files, "proof.txt": "".join(made)}, None, "", codes
    forged, _chain, _root = proof_list(
        [(each["number"], verify.hash_leaf({**each, "salt": "0" * 32})) for each in signatures()]
    )
    yield (
        "a proof made anew",
        {**files, "proof.txt": forged},
        None,
        "",
        spoiled | {"proof.changed": False, "table.same": True},
    )
    yield (
        "a file missing",
        {k: v for k, v in files.items() if k != "signatures.csv"},
        None,
        "",
        {
            "file.missing": False,
            "file.same": True,
            "proof.same": True,
        },
    )
    yield "a file more", {**files, "more.csv": ""}, None, "", whole | {"file.unlisted": False}
    unproved = json.loads(files["manifest.json"])
    del unproved["proof"]
    yield (
        "made without a proof",
        {**files, "manifest.json": json.dumps(unproved)},
        None,
        "",
        {"file.same": True},
    )

    good = {"receipt.text": True, "receipt.included": True}
    for position, receipt in enumerate(receipts, 1):
        yield f"receipt {position}", None, receipt, root, good
        yield (
            f"receipt {position} and its delivery",
            files,
            receipt,
            "",
            whole | good | {"receipt.line": True, "receipt.name": True},
        )
    receipt = receipts[3]
    yield (
        "in no delivery",
        None,
        changed(receipt, "deliveries", []),
        "",
        {
            "receipt.text": True,
            "receipt.undelivered": True,
        },
    )
    yield "for another root", None, receipt, PREVIOUS, good | {"receipt.elsewhere": False}
    for name, keys in (
        ("number", ("signature", "number", 8)),
        ("time", ("signature", "time", "2026-05-07T10:20:30.000124Z")),
        ("salt", ("signature", "salt", "0" * 32)),
        ("name", ("signature", "name", "0" * 64)),
        ("root", ("deliveries", 0, "root", PREVIOUS)),
        ("position", ("deliveries", 0, "position", 2)),
        ("size", ("deliveries", 0, "signatures", 20)),
        ("path", ("deliveries", 0, "path", receipts[0]["deliveries"][0]["path"])),
        ("shorter path", ("deliveries", 0, "path", receipt["deliveries"][0]["path"][:-1])),
    ):
        found = {"receipt.text": True, "receipt.forged": False}
        yield f"forged with another {name}", None, changed(receipt, *keys), "", found
    yield (
        "forged with another text",
        None,
        changed(receipt, "signed_text", TEXT.replace("Please", "Never")),
        "",
        {"receipt.text_changed": False, "receipt.included": True},
    )
    yield (
        "forged with another text and its hash",
        None,
        changed(receipt, "signature", "text", sha256(b"").hexdigest()),
        "",
        {"receipt.text_changed": False, "receipt.forged": False},
    )
    for name, keys in (
        ("a number that is a text", ("signature", "number", "7")),
        ("a number that is true", ("signature", "number", True)),
        ("no salt", ("signature", "salt", None)),
        ("a hash in capitals", ("signature", "name", "A" * 64)),
        ("a path that is no list", ("deliveries", 0, "path", "")),
        ("another format", ("format", "receipt")),
    ):
        found = {"receipt.unreadable": False}
        yield f"malformed: {name}", None, changed(receipt, *keys), "", found
    yield "malformed: no object", None, [], "", {"receipt.unreadable": False}
    people = [(n, "Carla" if n == 7 else given, family) for n, given, family in PEOPLE]
    row = good | {"receipt.line": True, "receipt.name_differs": False}
    yield (
        "a name exchanged in the table",
        {**files, "signatures.csv": table(people)},
        receipt,
        "",
        spoiled | {"proof.same": True, "table.same": True} | row,
    )
    yield (
        "a delivery that leaves it out",
        {**files, "proof.txt": "".join([*lines[:3], *lines[4:]])},
        receipt,
        "",
        (*good, "receipt.line_differs", "receipt.name", "proof.link", "proof.removed"),
    )
    yield (
        "forged, with its delivery",
        files,
        changed(receipt, "signature", "number", 8),
        "",
        whole | {"receipt.text": True, "receipt.forged": False, "receipt.elsewhere": False},
    )


def check(files, receipt, root):
    """What ``verify.py`` finds: (holds, code, text) for each finding."""
    archive = zipfile.ZipFile(io.BytesIO(as_zip(files))) if files else None
    found = list(verify.check_delivery(archive)) if archive else []
    if receipt is not None:
        found += verify.check_receipt(receipt, archive, root)
    return [[each.holds, each.code, str(each)] for each in found]


def make():
    """The contents of the file."""
    leaves = [verify.hash_leaf(each) for each in signatures()]
    roots = []
    for size in range(len(leaves) + 1):
        tree = verify.Tree()
        for leaf in leaves[:size]:
            tree.add(leaf)
        roots.append(tree.root.hex())
    return {
        "format": verify.PROOF,
        "names": [
            {"salt": each["salt"], "given_name": given, "family_name": family, "hash": each["name"]}
            for each, (_number, given, family) in zip(signatures(), PEOPLE, strict=True)
        ],
        "leaves": [
            {"signature": each, "hash": leaf.hex()}
            for each, leaf in zip(signatures(), leaves, strict=True)
        ],
        "node": {"left": leaves[0].hex(), "right": leaves[1].hex(), "hash": roots[2]},
        "link": {
            "before": PREVIOUS,
            "number": 1,
            "leaf": leaves[0].hex(),
            "hash": verify.hash_link(bytes.fromhex(PREVIOUS), 1, leaves[0]).hex(),
        },
        # The roots of the first 0, 1, 2, … leaves.
        "roots": roots,
        "cases": [
            {
                "name": name,
                "files": files,
                "receipt": receipt,
                "root": root,
                "findings": check(files, receipt, root),
            }
            for name, files, receipt, root, _found in cases()
        ],
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(make(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
