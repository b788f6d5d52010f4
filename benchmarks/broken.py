"""Thousands of broken files through an import: each is imported, or refused in words.

Each file goes through reading, the proposal of meanings, a check, and the command. A third is
imported too, with everything that a person can choose chosen at random. A traceback is a fault,
and so is a file that takes long.
"""

import time
import traceback
from collections import Counter

from wagtail_petition import ledger

from . import audit, content
from .damage import KINDS
from .trial import try_file

ROWS = 10_000
MOST_SECONDS = 10


def run(bench):
    """Send ``bench.rows`` files through imports."""
    question = {"type": "short_text", "value": {"label": "Vote?"}, "id": "state"}
    page = content.make_petition_page(content.make_site(), questions=[question])
    petition = ledger.ensure_petition(page)
    text = ledger.get_or_create_text(page.get_text_to_sign())
    faults, outcomes, slowest = [], Counter(), 0.0
    for number in range(bench.rows):
        # Of the processor, so that other programs on the machine count for nothing.
        start = time.process_time()
        try:
            kind, outcome = try_file(number, petition, text, bench.folder)
            outcomes[kind, outcome] += 1
        except Exception:
            faults.append(number)
            bench.note(f"File {number}:\n{traceback.format_exc()}")
        slowest = max(slowest, time.process_time() - start)
    bench.title(f"{bench.rows:,} files")
    bench.table(
        ["", "read", "refused"],
        [[kind, outcomes[kind, "read"], outcomes[kind, "refused"]] for kind in KINDS],
    )
    bench.note(f"{petition.signatures.count():,} signatures")
    bench.claim("tracebacks", len(faults), "== 0")
    bench.claim("slowest_seconds", slowest, f"<= {MOST_SECONDS}")
    bench.claim("count_drift", audit.drift(petition), "== 0")
    bench.claim("counted_twice", audit.duplicates(petition), "== 0")
