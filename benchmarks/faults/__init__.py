"""Faults: after each, all acknowledged signatures are stored and all emails arrive.

Simulated signers press the button again if there was no response.
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
