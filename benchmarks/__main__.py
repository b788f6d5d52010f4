"""``python -m benchmarks NAME``: run one benchmark, each database in a process of its own."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from . import databases
from .harness import Bench, machine, versions

BENCHES = {
    "signing": "Signing and confirming against a contrib.forms page, and the busiest day's rate",
    "faults": "Kills, mail faults, a crashed database, a full disk, races: nothing is lost",
    "export": "CSV and XLSX against django-import-export, and against csv.writer",
    "import": "A file imported while people sign, killed on the way, and by import-export",
    "broken": "Thousands of broken files through an import: each is read, or refused in words",
    "updates": "An update to all signers, its workers killed, while people go on signing",
    "pdf": "A delivery of signatures as PDF",
    "split": "A delivery split into 56 by state, as PDF: complete, disjoint, within three minutes",
    "page": "The petition page against a bare page, and count.json",
    "admin": "The admin's pages at ten thousand signatures and at millions, with their plans",
    "growth": "Pages, verbs, lists, exports from a thousand signatures to six million; the hot row",
    "record": "The largest petition ever on one machine behind nginx, to the rate that breaks it",
    "migrations": "How long each migration takes on a filled database, and what it locks",
}
# What is for millions of signatures is measured where millions belong.
ON_POSTGRESQL_ALONE = {"admin", "growth", "record", "migrations", "updates"}


def main():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"{name:10}{text}" for name, text in BENCHES.items())
        + "\n\nROWS=n sets how many signatures, BENCH_SECONDS=n shortens what takes long.",
    )
    parser.add_argument("name", choices=BENCHES, metavar="NAME")
    parser.add_argument("--database", choices=databases.STARTERS, help="on this one alone")
    arguments = parser.parse_args()
    alone = arguments.name in ON_POSTGRESQL_ALONE
    if alone and arguments.database == "sqlite":
        parser.error(f"{arguments.name} is measured on PostgreSQL alone")
    # Ended from outside, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *args: sys.exit("Stopped."))
    module = f"benchmarks.{arguments.name}"
    if arguments.database:
        result = measure(arguments.name, module, arguments.database)
    else:
        names = ["postgresql"] if alone else databases.STARTERS
        results = [measure_apart(arguments.name, name) for name in names]
        claims = {name: claim for result in results for name, claim in result["claims"].items()}
        result = {**results[0], "claims": claims}
    print(json.dumps(result))
    return 0 if all(claim["holds"] for claim in result["claims"].values()) else 1


def measure(name, module, database):
    """Run the benchmark here, with Django on a new database of this kind."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.site.settings"
    with (
        tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as folder,
        databases.STARTERS[database](Path(folder)) as (url, cluster),
    ):
        os.environ["DATABASE_URL"] = url
        os.environ["BENCH_MEDIA"] = str(Path(folder) / "media")
        databases.prepare()
        run = import_module(module)
        rows = int(os.environ.get("ROWS") or run.ROWS)
        bench = Bench(name, database, rows, Path(folder), cluster)
        run.run(bench)
        databases.close()
    return {
        "bench": name,
        "rows": rows,
        "claims": bench.claims,
        "machine": machine(),
        "versions": versions(),
    }


def measure_apart(name, database):
    """Run the benchmark in a process of its own, since a process has one default database."""
    command = [sys.executable, "-m", "benchmarks", name, "--database", database]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        last = ""
        try:
            for line in process.stdout:
                print(last, end="", flush=True)
                last = line
        except BaseException:
            process.terminate()
            raise
    if process.returncode not in (0, 1) or not last.startswith("{"):
        sys.exit(f"{last}The benchmark did not finish (status {process.returncode}).")
    return json.loads(last)


sys.exit(main())
