"""What grows with a petition: each step of its life at a thousand signatures and at millions.

Each size is a database of its own on the same server, and the rounds alternate between them, so
that a busy minute of the machine meets all sizes alike. Then the query plans at the largest size,
and the hot row: how many people a second can confirm one petition.
"""

import time
from collections import defaultdict
from functools import partial
from statistics import median
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wagtail_petition.delivery import selection
from wagtail_petition.delivery.split import pieces
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.exports.writers import write_file
from wagtail_petition.models import Delivery, OutgoingEmail, Petition, Signature, Tally
from wagtail_petition.models.token import Token

from . import content, hotrow
from .databases import use
from .fill import fill
from .flow import attempts
from .voters import deliver_by_state

ROWS = 6_100_000
SIZES = (1_000, 100_000, 1_000_000)
ROUNDS = 15
RANGE = 1_000
# Below this a sequential scan is what is right.
LARGE = 100_000
# A row or more for each signature: a query that reads all of it takes longer with each.
GROWING = [model._meta.db_table for model in (OutgoingEmail, Signature, Token)]
# These don't grow so. With one petition all tallies are its own, and reading them all is right.
TABLES = [*GROWING, Tally._meta.db_table]
# Where those vote who confirm.
VOTER = {"home_country": "US", "home_region": "US-NY", "home_district": "12"}
# A count of all attempts that nobody confirmed, which is said beside a delivery, and of all
# signatures in each state. They take longer the more there are. Shown, and not claimed of.
LEFT_OUT, SPLIT_ALL = "say what a delivery leaves out", "split all signatures by state"
GROWS = (LEFT_OUT, SPLIT_ALL)
# Reads tallies: one for each day, country, language and source. At a thousand signatures most
# have none, from here on nearly all do.
DASHBOARD, TALLIED = "admin: dashboard", 100_000
# Has a row for each state and district where anybody votes. At a thousand signatures not all have.
BY_STATE = "admin: by state"


class Database(NamedTuple):
    """The database of one size: its name, and links to confirm its attempts."""

    name: str
    links: list


def run(bench):
    """Fill up, keeping a copy at each size; measure all; explain the largest; then the hot row."""
    home = content.make_site()
    page = content.make_petition_page(home, **content.long_read(), **content.VOTERS)
    client = Client(headers={"Host": "127.0.0.1", "Origin": "http://127.0.0.1"})
    client.force_login(User.objects.create_superuser("admin"))
    databases = {}
    for rows in [*(size for size in SIZES if size < bench.rows), bench.rows]:
        seconds = fill(page, rows)
        deliver_by_state(page.petition)
        bench.note(f"{rows:,} signatures after another {seconds:.0f} s")
        links = attempts(page, ROUNDS + 2, f"confirms-{rows}", **VOTER)
        name = connection.settings_dict["NAME"]
        if rows != bench.rows:
            name = f"bench_{rows}"
            connection.close()
            bench.cluster.copy(name)
        databases[rows] = Database(name, links)
    times = measure(bench, page, client, databases)
    report(bench, times)
    unused = databases[bench.rows].links[1 + ROUNDS :]
    explain(bench, steps(bench, page, client, f"plans-{bench.rows}", unused))
    hotrow.run(bench, page)


def steps(bench, page, client, prefix, links):
    """What to do at a size: {name: a function without arguments}."""
    petition = Petition.objects.get(key=page.petition_key)
    middle = petition.last_number // 2
    delivery = Delivery(
        petition=petition,
        recipient="Jane Doe",
        first_number=max(1, middle - RANGE // 2 + 1),
        last_number=middle + RANGE // 2,
        columns=["number", "given_name", "family_name", "city", "country"],
    )
    whole = Delivery(petition=petition, last_number=petition.last_number, recipient="Jane Doe")
    admin_list = reverse("petition_signatures:index")
    signers = (content.voter(f"signs-{prefix}-{i}") for i in range(10**9))
    unsure = {**content.voter("unsure"), "home_region": "US-NJ"}
    confirms = (f"/petitions/confirm/{link}/" for link in links)
    anonymous = Client(headers={"Host": "127.0.0.1", "Origin": "http://127.0.0.1"})

    def get(path, by=anonymous):
        return partial(_expect, 200, by.get, path)

    return {
        "see the page": get(page.url),
        "ask for the count": get(f"/petitions/{page.petition_key}/count.json"),
        "see who signed": get(f"/petitions/{page.petition_key}/signatures/"),
        "sign": lambda: _expect(303, anonymous.post, page.sign_url, next(signers)),
        "see the form again": lambda: _expect(422, anonymous.post, page.sign_url, unsure),
        "confirm": lambda: _expect(303, anonymous.post, next(confirms)),
        "admin: first page of the list": get(f"{admin_list}?status=", client),
        "admin: search a name": get(f"{admin_list}?q=garcia", client),
        "admin: list of a home region": get(f"{admin_list}?home_region=US-CA", client),
        "admin: list of a home district": get(f"{admin_list}?home_district=TX-38", client),
        DASHBOARD: get(reverse("petitions:dashboard", args=[petition.pk]), client),
        BY_STATE: get(reverse("petitions:votes", args=[petition.pk]), client),
        f"{BY_STATE}, CSV": get(reverse("petitions:votes_csv", args=[petition.pk]), client),
        f"export {RANGE:,} as CSV": lambda: export(bench, delivery),
        f"count a delivery of {RANGE:,}": lambda: selection.count(delivery),
        f"split a delivery of {RANGE:,} by state": lambda: pieces(delivery, "home_region"),
        f"split a delivery of {RANGE:,} by district": lambda: pieces(delivery, "home_district"),
        LEFT_OUT: lambda: selection.left_out(delivery),
        SPLIT_ALL: lambda: pieces(whole, "home_region"),
    }


def _expect(status, call, *arguments):
    answer = call(*arguments)
    if answer.status_code != status:
        raise RuntimeError(f"{arguments[0]}: {answer.status_code}")


def export(bench, delivery):
    """The range as a delivery's table has it."""
    resource = get_signature_resource(petitions=[delivery.petition], columns=delivery.columns)
    rows = resource.get_rows(selection.deliverable(delivery))
    write_file(bench.folder / "range.csv", "csv", resource.get_export_headers(), rows)


def measure(bench, page, client, databases):
    """Do each step in rounds. Returns {name: {rows: seconds}}, medians."""
    times = defaultdict(lambda: defaultdict(list))
    work = {}
    for rows, database in databases.items():
        use(database.name)
        work[rows] = steps(bench, page, client, rows, database.links)
    for turn in range(1 + ROUNDS):
        for rows, database in databases.items():
            use(database.name)
            for name, step in work[rows].items():
                start = time.perf_counter()
                step()
                if turn:  # The first round fills caches.
                    times[name][rows].append(time.perf_counter() - start)
    return {
        name: {rows: median(seconds) for rows, seconds in by_rows.items()}
        for name, by_rows in times.items()
    }


def report(bench, times):
    """Print the medians side by side, and claim that constant steps are constant."""
    sizes = list(next(iter(times.values())))
    bench.title(f"Each step at {len(sizes)} sizes, medians of {ROUNDS} rounds")
    bench.table(
        ["ms", *(f"{rows:,}" for rows in sizes), "times"],
        [
            [
                name,
                *(1000 * seconds for seconds in by_rows.values()),
                by_rows[sizes[-1]] / by_rows[sizes[0]],
            ]
            for name, by_rows in times.items()
        ],
    )
    bench.claim(
        "most_growth", max(growth(name, by_rows) for name, by_rows in times.items()), "<= 1.5"
    )


def growth(name, by_rows):
    """A step's time at the largest size, as a multiple of the size from which it should be constant."""
    if name in GROWS:
        return 1.0
    least = TALLIED if name.startswith((DASHBOARD, BY_STATE)) else 0
    return by_rows[max(by_rows)] / next(
        (seconds for rows, seconds in by_rows.items() if rows >= least), by_rows[max(by_rows)]
    )


def explain(bench, work):
    """Print the plan of each query about what grows, and claim that none reads a whole table."""
    bench.title(f"Query plans at {bench.rows:,} signatures")
    scans = 0
    for name, step in work.items():
        with CaptureQueriesContext(connection) as captured:
            step()
        for query in captured.captured_queries:
            sql = query["sql"]
            if not sql.startswith(("SELECT", "UPDATE")) or not any(t in sql for t in TABLES):
                continue
            plan = plan_of(sql)
            # To count all of them, reading the whole table is right.
            if name != SPLIT_ALL:
                scans += sum(f"Seq Scan on {table}" in plan for table in GROWING)
            bench.note(f"{name}: {sql[:100]}…\n    " + plan.replace("\n", "\n    "))
    if bench.rows >= LARGE:
        bench.claim("sequential_scans", scans, "== 0")


def plan_of(sql):
    """PostgreSQL's plan of a query."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (COSTS OFF) {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())
