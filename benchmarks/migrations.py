"""How long each migration of the package takes on a filled database, and what it locks meanwhile.

The database is filled as it is now, taken back to before a migration, and brought on again: so
the rows are there while it runs. The initial migration starts from nothing, and creates tables.
"""

import time
from collections import defaultdict

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from . import content
from .fill import fill

ROWS = 6_100_000
APP = "wagtail_petition"
# From the weakest that keeps writers waiting to the strongest, which readers wait for as well.
BLOCKING = ["ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"]
HELD = """
    SELECT relation::regclass::text, mode FROM pg_locks
    WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted AND mode = ANY(%s)
"""


def run(bench):
    """Fill, then measure the migrations from the newest to the first."""
    seconds = fill(content.make_petition_page(content.make_site()), bench.rows)
    bench.title(f"Migrations of {bench.rows:,} signatures, filled in {seconds:.0f} s")
    migrations = names()
    rows, longest = [], 0
    for position in reversed(range(len(migrations))):
        name = migrations[position]
        migrate(migrations[position - 1] if position else None)
        there = set(connection.introspection.table_names())
        filled = sum(table.startswith(APP) for table in there)
        start = time.perf_counter()
        locks = migrate(name)
        took = time.perf_counter() - start
        what = f"{name}, on {filled} tables of its own" if filled else f"{name}, from nothing"
        rows.append([what, took, "", "", ""])
        for table, (mode, held) in locks.items():
            # Nobody waits for a table that did not exist.
            if table in there:
                rows.append(["", "", table, mode, held])
                longest = max(longest, held)
    bench.table(["Migration", "seconds", "locks", "against", "seconds held"], rows)
    bench.claim("longest_lock_s", float(longest), "< 1")


def names():
    """The package's migrations, in order."""
    executor = MigrationExecutor(connection)
    (leaf,) = executor.loader.graph.leaf_nodes(APP)
    plan = executor.loader.graph.forwards_plan(leaf)
    return [name for app, name in plan if app == APP]


def migrate(name):
    """Go to a migration. Returns {table: (its strongest lock, seconds until the end)}."""
    began, modes = {}, defaultdict(set)

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        # Past Django, or it would be watched as well.
        for table, mode in connection.connection.execute(HELD, [BLOCKING]).fetchall():
            began.setdefault(table, time.perf_counter())
            modes[table].add(mode)
        return result

    with connection.execute_wrapper(watch):
        MigrationExecutor(connection).migrate([(APP, name)])
    end = time.perf_counter()
    return {
        table: (max(modes[table], key=BLOCKING.index), end - start)
        for table, start in began.items()
    }
