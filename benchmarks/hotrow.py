"""The hot row: how many confirmations per second one petition allows, and what limits them.

Each confirmation locks the petition's row until its commit. Its cost is measured in parts:
the same work without waiting, waiting without the work, and neither.
"""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from django.db import connection
from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.ledger.helpers import get_or_create_text
from wagtail_petition.models import Petition, Signature

from .apart import measure

PROCESSES = 4
ROUNDS = 3
# More than a process confirms in a second.
MOST = 600
# How often one process alone does it.
TIMES = 300
# An advisory lock that holds the processes back until all are ready.
GATE = 1
# Commits something, however little: when it returns, all commits before it are on the disk.
FLUSH = """BEGIN; SET LOCAL synchronous_commit = on;
    SELECT pg_logical_emit_message(true, 'bench', ''); COMMIT"""


def run(bench, page):
    """Each way in rounds that alternate; print the rates and their distance."""
    seconds = bench.seconds(6)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_log (id bigserial PRIMARY KEY, at timestamptz, text text)"
        )
        cursor.execute("CREATE TABLE bench_hot (id int PRIMARY KEY, number int)")
        cursor.execute("INSERT INTO bench_hot VALUES (1, 0)")
    ways = {
        "INSERT and commit": inserts,
        "UPDATE of one row and commit": updates,
        "confirm one petition": confirm,
        "confirm one petition, commit before the disk has it": confirm_early,
        "the same, and wait for the disk without the lock": confirm_early_and_wait,
        "confirm a petition of each process's own": confirm_apart,
    }
    rates = {name: [] for name in ways}
    for turn in range(ROUNDS):
        for name, function in ways.items():
            rates[name].append(rate(function, page, seconds, f"{turn}-{function.__name__}"))
    figures = {name: median(measured) for name, measured in rates.items()}
    most = figures["INSERT and commit"]
    bench.title(
        f"The hot row: {PROCESSES} processes for {seconds:.0f} s, medians of {ROUNDS} rounds"
    )
    bench.table(
        ["A second", "", "lowest", "highest", "of the INSERTs"],
        [
            [name, figures[name], min(measured), max(measured), f"{figures[name] / most:.0%}"]
            for name, measured in rates.items()
        ],
    )
    alone, held, cpu = confirm_alone(prepare(confirm, page, "alone", TIMES))
    bench.note(
        f"one process alone confirms in {1000 * alone:.2f} ms, {1000 * held:.2f} of them with "
        f"the row locked: {1 / held:.0f} a second at most, as fast as this one is"
    )
    bench.note(f"{1000 * cpu:.2f} ms of it are Python’s")
    bench.note(f"a commit that writes next to nothing takes {1000 * commit_seconds():.2f} ms")


def rate(function, page, seconds, prefix):
    """The rate per second of all processes together."""
    orders = [
        prepare(function, page, f"{prefix}-{i}", int(MOST * seconds)) for i in range(PROCESSES)
    ]
    with connection.cursor() as cursor, ThreadPoolExecutor(PROCESSES) as pool:
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
        done = [pool.submit(measure, function, seconds=seconds, **order) for order in orders]
        ready = 0
        while ready < PROCESSES and not any(process.done() for process in done):
            time.sleep(0.1)
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            )
            (ready,) = cursor.fetchone()
        cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])
        return sum(process.result()["result"] for process in done) / seconds


def prepare(function, page, prefix, number):
    """What a process of this function needs: so many attempts to confirm."""
    if function in (inserts, updates):
        return {}
    petition = Petition.objects.get(key=page.petition_key)
    if function is confirm_apart:
        petition = Petition.objects.create(key=uuid.uuid4(), title=prefix)
    text, now = get_or_create_text(page.get_text_to_sign()), timezone.now()
    addresses = (f"{prefix}-{i}@hot.example" for i in range(number))
    made = Signature.objects.bulk_create(
        [
            Signature(
                petition=petition,
                signed_text=text,
                language="en",
                given_name="Anna",
                family_name="Moretti",
                email=address,
                email_key=address,
                country="IT",
                signed_at=now,
            )
            for address in addresses
        ],
        batch_size=2_000,
    )
    return {"first": made[0].pk, "last": made[-1].pk}


def confirm_alone(attempts):
    """How long a confirmation takes, how long it holds the lock, and Python's share: medians."""
    times, held, cpu = [], [], []
    locked = 0

    def watch(execute, sql, params, many, context):
        nonlocal locked
        result = execute(sql, params, many, context)
        if "last_number" in sql and sql.startswith("UPDATE"):
            locked = time.perf_counter()
        return result

    for attempt in _attempts(**attempts):
        start, used = time.perf_counter(), time.process_time()
        with connection.execute_wrapper(watch):
            ledger.confirm(attempt)
        end = time.perf_counter()
        cpu.append(time.process_time() - used)
        times.append(end - start)
        held.append(end - locked)
    return median(times), median(held), median(cpu)


def commit_seconds():
    """How long a commit takes when nobody else commits."""
    times = []
    with connection.cursor() as cursor:
        for _ in range(TIMES):
            start = time.perf_counter()
            cursor.execute(FLUSH)
            times.append(time.perf_counter() - start)
    return median(times)


# What the processes do for some seconds, from the moment the gate opens. Each returns how often.


def inserts(seconds):
    """The minimum that stores a row: one INSERT."""
    return _repeat(seconds, "INSERT INTO bench_log (at, text) VALUES (now(), 'Anna Moretti')")


def updates(seconds):
    """The minimum that counts: an UPDATE of one row by all processes."""
    return _repeat(seconds, "UPDATE bench_hot SET number = number + 1 WHERE id = 1")


def confirm(seconds, first, last):
    """Confirm with the ledger's function, like the view."""
    attempts = _attempts(first, last)
    # Once before it counts, for what a process does once.
    ledger.confirm(next(attempts))
    return _during(seconds, lambda: ledger.confirm(next(attempts)))


def confirm_apart(seconds, first, last):
    """Confirm one petition per process, so that no process waits for the row."""
    return confirm(seconds, first, last)


def confirm_early(seconds, first, last):
    """Confirm without waiting for the disk. Only for comparison: a crash may lose the last ones."""
    _set_early()
    return confirm(seconds, first, last)


def confirm_early_and_wait(seconds, first, last):
    """Confirm and wait for the disk after the lock is released, together with others."""
    _set_early()
    attempts = _attempts(first, last)
    ledger.confirm(next(attempts))
    with connection.cursor() as cursor:

        def confirm_and_wait():
            ledger.confirm(next(attempts))
            cursor.execute(FLUSH)

        return _during(seconds, confirm_and_wait)


def _attempts(first, last):
    found = Signature.objects.filter(pk__range=(first, last)).select_related("petition")
    return iter(list(found.order_by("pk")))


def _set_early():
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


def _repeat(seconds, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return _during(seconds, lambda: cursor.execute(sql))


def _during(seconds, step):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [GATE])
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        step()
        done += 1
    return done
