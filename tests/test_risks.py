"""docs/risks.md: the tests it names exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.findall(r"`(tests/[\w/]+\.py)::([\w:]+)`", (ROOT / "docs/risks.md").read_text())


def names_of_tests(path):
    """The names of a file's tests as pytest writes them: of a class with the class."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}::{inner.name}"


@pytest.mark.parametrize("path", sorted({path for path, _name in NAMED}))
def test_named_tests_exist(path):
    assert {name for where, name in NAMED if where == path} - set(names_of_tests(path)) == set()


def test_every_risk_has_a_test():
    text = (ROOT / "docs/risks.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    rows = [row for row in rows if not row.startswith("| Risk")]
    assert rows
    assert [row for row in rows if "::" not in row] == []
    # None is written in a way that the test above doesn't read.
    assert text.count("`tests/") == len(NAMED)
