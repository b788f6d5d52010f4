"""Web workers are killed (SIGKILL) at random moments while people sign and confirm."""

import contextlib
import os
import random
import signal
import threading

from benchmarks import server

from .signers import Crowd, attempts


def run(bench, page):
    """``bench.rows`` people sign, a tenth as many confirm, and workers die all the time."""
    crowd = Crowd(page)
    links = attempts(page, bench.rows // 10, "killed-confirm")
    over, kills = threading.Event(), []

    def kill(site):
        # After so many answers, not seconds: else a slow machine would only start workers.
        rng = random.Random(1)
        goal = rng.randint(1, 100)
        while not over.wait(rng.uniform(0, 0.05)):
            if crowd.statuses.total() >= goal:
                goal = crowd.statuses.total() + rng.randint(1, 200)
                # One that ended by itself in this moment needs no killing.
                with contextlib.suppress(ProcessLookupError, IndexError):
                    os.kill(rng.choice(site.worker_pids()), signal.SIGKILL)
                    kills.append(1)

    with server.gunicorn(bench.folder, workers=4) as site:
        killer = threading.Thread(target=kill, args=[site])
        killer.start()
        try:
            crowd.run(site, "killed", bench.rows, links)
        finally:
            over.set()
            killer.join()
    bench.title(f"Web workers (4) killed {len(kills):,} times during {bench.rows:,} signings")
    crowd.report(bench, "kill")
