"""Shared by all benchmarks: settings, tables, claims."""

import operator
import os
import platform
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

COMPARE = {">=": operator.ge, "<=": operator.le, "<": operator.lt, "==": operator.eq}


@dataclass
class Bench:
    """One benchmark on one database: its parameters and results."""

    name: str
    database: str
    rows: int
    folder: Path
    # The PostgreSQL server of this run; None on SQLite.
    cluster: object = None
    claims: dict = field(default_factory=dict)

    def seconds(self, default):
        """How long a measurement lasts: BENCH_SECONDS shortens it in tries."""
        return min(default, float(os.environ.get("BENCH_SECONDS", default)))

    def title(self, text):
        """Start a section of the report."""
        print(f"\n{text} ({self.database})", flush=True)

    def note(self, text):
        """A line of the report."""
        print(f"  {text}", flush=True)

    def table(self, head, rows):
        """A table for people: the first column to the left, figures to the right."""
        rows = [[_shown(cell) for cell in row] for row in rows]
        widths = [
            max(len(str(cell)) for cell in column) for column in zip(head, *rows, strict=True)
        ]
        for row in [head, ["-" * width for width in widths], *rows]:
            first, *others = (
                str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            print("  " + "  ".join([first, *others]).rstrip(), flush=True)

    def claim(self, name, value, bound):
        """Record ``value`` against ``bound``, like ">= 1.25"."""
        compare, limit = bound.split()
        holds = COMPARE[compare](value, float(limit))
        value = round(value, 3) if isinstance(value, float) else value
        self.claims[f"{self.database}_{name}"] = {"value": value, "bound": bound, "holds": holds}
        self.note(f"{'holds' if holds else 'FAILS'}: {name} is {value} ({bound})")


def _shown(cell):
    if isinstance(cell, float):
        return f"{cell:,.1f}" if abs(cell) >= 10 else f"{cell:.3g}"
    return f"{cell:,}" if isinstance(cell, int) else cell


def machine():
    """The machine of the measurement."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpus": os.cpu_count(),
        "memory_gb": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def versions():
    """The versions of the measured software."""
    names = ["Django", "wagtail", "wagtail-localize", "gunicorn", "psycopg"]
    return {"Python": ".".join(map(str, sys.version_info[:3])), **{n: version(n) for n in names}}
