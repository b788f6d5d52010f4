"""The petition page against a bare page on the same base template, and ``count.json``.

The petition holds 30 timeline events, 20 links and 3 sponsors. Rounds alternate in one run.
"""

from statistics import median

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from . import content, load, server
from .fill import fill

ROWS = 1_000_000
FEW = 1_000
ROUNDS = 9


def run(bench):
    """Measure at a thousand signatures, fill, and measure again."""
    home = content.make_site()
    petition = content.make_petition_page(home, **content.long_read())
    paths = {
        "petition page": petition.url,
        "bare page": content.make_bare_page(home).url,
        "count.json": f"/petitions/{petition.petition_key}/count.json",
    }
    counted, times = {}, {}
    for rows in (FEW, bench.rows):
        seconds = fill(petition, rows)
        bench.title(f"GET with {rows:,} signatures, filled in {seconds:.0f} s")
        counted[rows] = {name: queries(path) for name, path in paths.items()}
        times[rows] = measure(bench, paths)
    few, many = times[FEW], times[bench.rows]
    bench.table(
        ["Queries per request", f"at {FEW:,}", f"at {bench.rows:,}"],
        [[name, counted[FEW][name], counted[bench.rows][name]] for name in paths],
    )
    changed = sum(counted[FEW][name] != counted[bench.rows][name] for name in paths)
    bench.claim("queries_that_grow", changed, "== 0")
    bench.claim("page_times_bare", many["petition page"], "<= 1.5")
    # Both against the bare page of their own minutes, which has no signatures to grow with.
    bench.claim("page_growth", many["petition page"] / few["petition page"], "<= 1.1")
    bench.claim("count_rate_times_page", many["petition page"] / many["count.json"], ">= 3")


def queries(path):
    """Queries of one request: (the first, before anything is in the cache; the next)."""
    client = Client(headers={"Host": "127.0.0.1"})
    counts = []
    client.get(path)
    cache.clear()
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        counts.append(len(captured))
    return "{} then {}".format(*counts)


def measure(bench, paths):
    """Requests a second of each path; returns {name: its time as a multiple of the bare page's}."""
    seconds = bench.seconds(4)
    rates, answers = {name: [] for name in paths}, {name: [] for name in paths}
    processor = dict.fromkeys(paths, 0)
    with server.gunicorn(bench.folder) as site:
        for path in paths.values():
            load.closed_loop(site, [load.get(site, path)] * 20)
        for _ in range(ROUNDS):
            for name, path in paths.items():
                request, before = load.get(site, path), site.cpu_seconds()
                got, took = load.closed_loop(site, iter(lambda r=request: r, None), seconds=seconds)
                processor[name] += site.cpu_seconds() - before
                rates[name].append(len(got) / took)
                answers[name] += got
    if wrong := [a.status for got in answers.values() for a in got if a.status != 200]:
        raise RuntimeError(f"Not every GET gave 200: {wrong[:10]}")
    bench.table(
        ["", "GET/s", "lowest", "highest", "p50 ms", "p95 ms", "CPU ms", "kB"],
        [
            [
                name,
                median(rates[name]),
                min(rates[name]),
                max(rates[name]),
                load.percentile(answers[name], 50),
                load.percentile(answers[name], 95),
                1000 * processor[name] / len(answers[name]),
                len(answers[name][0].body) / 1024,
            ]
            for name in paths
        ],
    )
    return {name: median(rates["bare page"]) / median(rates[name]) for name in paths}
