"""Whether responses reveal who has signed, by their bytes or their time."""

import random
import re
from statistics import median

from benchmarks import content, load, server
from wagtail_petition import ledger
from wagtail_petition.models import Signature

from .signers import attempts

RUNS = 300
LENGTH = 20


def run(bench, page):
    """New addresses and known ones sign in turns, one request at a time."""
    known = [f"known-{i}".ljust(LENGTH, "k") for i in range(RUNS)]
    fresh = [f"fresh-{i}".ljust(LENGTH, "f") for i in range(RUNS)]
    for name in known:
        (pk,) = attempts(page, 1, "", address=name)
        ledger.confirm(Signature.objects.get(pk=pk))
    times, differing = {"new": [], "known": []}, 0
    with server.gunicorn(bench.folder, workers=1) as site:
        for new, old in zip(fresh, known, strict=True):
            pair = [("new", new), ("known", old)]
            # In either order, lest the second of a pair find something warm.
            random.Random(new).shuffle(pair)
            shown = {}
            for kind, name in pair:
                answer = load.send(site, load.post(site, page.sign_url, content.signer(name)))
                times[kind].append(answer.seconds * 1000)
                inbox = load.send(site, load.get(site, answer.location))
                shown[kind] = mask(answer.head, name) + mask(inbox.head + inbox.body, name)
            differing += differing_bytes(shown["new"], shown["known"])
    medians = {kind: median(values) for kind, values in times.items()}
    gap = abs(medians["new"] - medians["known"]) / medians["new"]
    bench.title(f"What the answer tells about an address, {RUNS} pairs")
    bench.table(["Address", "median ms"], [[kind, value] for kind, value in medians.items()])
    bench.claim("answer_bytes_differing", differing, "== 0")
    bench.claim("answer_time_gap", gap, "<= 0.05")


def mask(text, name):
    """A response without typed text, the reference to this attempt, and the time."""
    text = text.replace(name.encode(), b"NAME")
    text = re.sub(rb"/petitions/sent/[^/]+/", b"/petitions/sent/REFERENCE/", text)
    return re.sub(rb"\r\nDate: [^\r]+", b"", text)


def differing_bytes(one, other):
    """How many bytes differ, counting those that only one has."""
    common = sum(a != b for a, b in zip(one, other, strict=False))
    return common + abs(len(one) - len(other))
