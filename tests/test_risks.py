"""docs/risks.md: the tests it names exist."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs/risks.md").read_text())


@pytest.mark.parametrize("path", sorted({path for path, _name in NAMED}))
def test_named_tests_exist(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert {name for where, name in NAMED if where == path} <= functions


def test_every_risk_has_a_test():
    lines = (ROOT / "docs/risks.md").read_text().splitlines()
    rows = [line for line in lines if line.startswith("| ") and not line.startswith("| Risk")]
    assert rows
    assert [row for row in rows if "::test_" not in row] == []
