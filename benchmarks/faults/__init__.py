"""Faults to survive: whatever breaks, what was acknowledged is stored, and every mail arrives.

A signer here does what people do: presses the button again if no page came back.
"""

import logging

from benchmarks import content

from . import answers, database, disk, kills, mail, races

ROWS = 10_000


def run(bench):
    """All faults that make sense on this database, one after the other."""
    # Faults are meant here: what the package logs about them would drown the report.
    logging.getLogger("wagtail_petition").setLevel(logging.CRITICAL)
    page = content.make_petition_page(content.make_site())
    kills.run(bench, page)
    mail.run_faults(bench, page)
    mail.run_workers(bench, page)
    races.run(bench, page)
    answers.run(bench, page)
    if bench.cluster:
        database.run(bench, page)
    else:
        disk.run(bench, page)
