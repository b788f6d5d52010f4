"""The benchmarks run, and print their results as JSON.

The results aren't tested, since claims about speed may fail on a busy machine.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.harness import Bench

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def bench(tmp_path):
    return Bench("signing", "sqlite", 10, tmp_path)


@pytest.mark.parametrize(
    ("value", "bound", "holds"),
    [
        (1.25, ">= 1.25", True),
        (1.24, ">= 1.25", False),
        (250.0, "< 250", False),
        (0, "== 0", True),
        (1.5, "<= 1.5", True),
    ],
)
def test_claim_holds_within_its_bound(bench, capsys, value, bound, holds):
    bench.claim("rate", value, bound)
    assert bench.claims["sqlite_rate"]["holds"] is holds
    assert ("holds" if holds else "FAILS") in capsys.readouterr().out


def test_table_lines_up(bench, capsys):
    bench.table(["Name", "figure"], [["a", 1_000_000], ["longer", 1.234]])
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:] == ["  a       1,000,000", "  longer       1.23"]


@pytest.mark.benchmarks
@pytest.mark.parametrize(
    ("name", "database"),
    [
        ("signing", "sqlite"),
        ("faults", "sqlite"),
        ("page", "sqlite"),
        ("import", "sqlite"),
        ("admin", "postgresql"),
    ],
)
def test_benchmark_ends_with_its_claims(name, database, tmp_path):
    environment = os.environ | {"ROWS": "50", "BENCH_SECONDS": "0.2"}
    if database == "sqlite":  # PostgreSQL's own user can't enter this folder.
        environment["TMPDIR"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", name, "--database", database],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["bench"] == name
    assert result["rows"] == 50
    assert result["machine"]["cpus"]
    assert result["versions"]["wagtail"]
    for claim in result["claims"].values():
        assert claim.keys() == {"value", "bound", "holds"}
    # Speed depends on the machine; that nothing is lost does not.
    wrong = {n for n, c in result["claims"].items() if not c["holds"]}
    assert not {n for n in wrong if "lost" in n or "twice" in n or "drift" in n}
