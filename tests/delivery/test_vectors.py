"""The test vectors of proofs: ``verify.py`` finds in them what it should."""

import json

import pytest

from tests.delivery import vectors
from wagtail_petition.delivery.standalone import verify

KEPT = json.loads(vectors.PATH.read_text(encoding="utf-8"))
CASES = {case["name"]: case for case in KEPT["cases"]}


def test_the_file_is_what_is_made():
    assert json.loads(json.dumps(vectors.make())) == KEPT


def test_the_hashes():
    for each in KEPT["names"]:
        made = verify.hash_name(each["salt"], each["given_name"], each["family_name"])
        assert made == each["hash"]
    for each in KEPT["leaves"]:
        assert verify.hash_leaf(each["signature"]).hex() == each["hash"]
    # As in the specification, without the functions of the verifier.
    node = KEPT["node"]
    both = b"\x01" + bytes.fromhex(node["left"]) + bytes.fromhex(node["right"])
    assert verify.sha256(both).hex() == node["hash"]
    link = KEPT["link"]
    parts = bytes.fromhex(link["before"]) + bytes(7) + b"\x01" + bytes.fromhex(link["leaf"])
    assert verify.sha256(b"\x02" + parts).hex() == link["hash"]


@pytest.mark.parametrize(
    ("name", "expected"), [(name, found) for name, _f, _r, _root, found in vectors.cases()]
)
def test_what_is_found(name, expected):
    case = CASES[name]
    found = vectors.check(case["files"], case["receipt"], case["root"])
    assert found == case["findings"]
    codes = {code: holds for holds, code, _text in found}
    if isinstance(expected, dict):
        assert codes == expected
    else:
        assert set(expected) <= codes.keys()
        assert not all(codes.values())
