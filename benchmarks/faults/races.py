"""Sixteen clients confirm one address at once, again and again."""

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from benchmarks import audit, load, server

from .signers import attempts

CLIENTS = 16


def run(bench, page):
    """A tenth of ``bench.rows`` rounds: four attempts of one address, each confirmed four times."""
    rounds = bench.rows // 10
    petition = page.petition
    petition.refresh_from_db()
    before = petition.signature_count
    statuses = Counter()
    with server.gunicorn(bench.folder, workers=8) as site, ThreadPoolExecutor(CLIENTS) as pool:
        for number in range(rounds):
            links = attempts(page, 4, "", address=f"race-{number}").values()
            requests = [load.post(site, f"/petitions/confirm/{link}/") for link in links]
            repeated = itertools.islice(itertools.cycle(requests), CLIENTS)
            answers = pool.map(lambda request: load.send(site, request), repeated)
            statuses.update(answer.status for answer in answers)
    petition.refresh_from_db()
    bench.title(f"{CLIENTS} clients confirm one address, {rounds:,} rounds")
    bench.table(["Answer", "times"], [[str(status), n] for status, n in sorted(statuses.items())])
    errors = sum(n for status, n in statuses.items() if status not in (303, 409))
    bench.claim("race_counted_wrongly", petition.signature_count - before - rounds, "== 0")
    bench.claim("race_confirmed_twice", audit.duplicates(petition), "== 0")
    bench.claim("race_errors", errors, "== 0")
    bench.claim("race_count_drift", audit.drift(petition), "== 0")
