"""The largest petition ever on one machine: a busy day behind nginx, then the rate that breaks it.

Two web workers, one worker for mail, PostgreSQL, Redis if there is one, and nginx as ``deploy/``
has it. While people sign, confirm and read, an administrator browses, all signatures are exported
and many are invalidated by rule. All of it shares the machine, this client included.
"""

import contextlib
import threading
import time
from functools import partial
from statistics import quantiles
from typing import NamedTuple

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from wagtail_petition import jobs
from wagtail_petition.models import Invalidation, OutgoingEmail, Signature
from wagtail_petition.moderation import invalidation

from . import audit, content, load, programs, readers, server, usage
from .fill import fill
from .flow import RATE, Crowd, accepted, drain, table

ROWS = 6_000_000
SECONDS = 600
# Views of the page a second; each tenth asks for the count as well.
VIEWS = 1_000
INVALIDATED = 100_000
# Seconds between two pages an administrator looks at.
PAUSE = 2
STEP, STEP_SECONDS = 1.5, 30
# Milliseconds that 95 of 100 answers may take at most, and how many seconds' mails may wait.
SLOW, LATE = 1_000, 10


def run(bench):
    """Fill, do the housekeeping that is due, the busy day, the audit, and then the limit."""
    page = content.make_petition_page(content.make_site(), **content.long_read())
    seconds = fill(page, bench.rows)
    bench.title(f"{bench.rows:,} signatures, filled in {seconds:.0f} s")
    start = time.perf_counter()
    jobs.housekeeping()
    bench.note(f"housekeeping took {time.perf_counter() - start:.0f} s")
    with machine(bench) as site, site.mails.open() as mails:
        crowd = Crowd(page, mails)
        busy_day(bench, page, site, crowd)
        limit(bench, page, site, crowd)


class Site(NamedTuple):
    """The processes of a site: nginx to ask, the others to watch."""

    nginx: object
    mails: object
    processes: dict

    def cpu_seconds(self):
        """The processor time each has used: {name: seconds}."""
        return {
            name: usage.cpu_seconds(usage.family(process.pid))
            for name, process in self.processes.items()
        } | {"this client": usage.cpu_seconds(["self"])}


@contextlib.contextmanager
def machine(bench):
    """A ``Site`` for the length of a with block."""
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        environment, processes = {}, {"PostgreSQL": bench.cluster.process}
        if programs.has_redis():
            environment["REDIS_URL"], processes["Redis"] = enter(programs.redis(bench.folder))
        port, mails = enter(server.smtp_sink(bench.folder))
        web = enter(server.gunicorn(bench.folder, **environment))
        nginx = enter(programs.nginx(bench.folder, web, bench.folder))
        worker = enter(server.mail_worker(bench.folder, port))
        processes |= {"web": web.process, "mail worker": worker, "nginx": nginx.process}
        bench.note(f"{server.WORKERS} web workers; " + ", ".join(processes))
        yield Site(nginx, mails, processes)


def busy_day(bench, page, site, crowd):
    """The highest rate known for as long as ``SECONDS``, with everything else beside it."""
    seconds = bench.seconds(SECONDS)
    petition = page.petition
    petition.refresh_from_db()
    numbers, newest = petition.last_number, Signature.objects.order_by("-pk")[0].pk
    reads = [page.url] * 10 + [f"/petitions/{page.petition_key}/count.json"]
    browsed, over = [], threading.Event()
    admin = threading.Thread(target=browse, args=[site.nginx, petition, browsed, over])
    rule = invalidate_by_rule(petition)
    export = server.start_command(
        bench.folder, "export_signatures", str(petition.pk), bench.folder / "all.csv"
    )
    before, start = site.cpu_seconds(), time.perf_counter()
    with readers.reading(site.nginx, VIEWS * 1.1, seconds, reads) as (_process, results):
        admin.start()
        answers = load.open_loop(
            site.nginx, partial(crowd.next_requests, site.nginx), RATE, seconds
        )
        over.set()
        admin.join()
        views = results()
    used, took = site.cpu_seconds(), time.perf_counter() - start
    late, left = drain()
    bench.title(f"{RATE} signings, {RATE} confirmations, {VIEWS:,} views a second, {seconds:.0f} s")
    table(bench, answers)
    by_minute(bench, answers)
    views["admin"] = readers.summary(browsed)
    bench.table(
        ["Reading", "requests", "from the cache", "p50 ms", "p95 ms", "p99 ms", "errors"],
        [
            [path, v["requests"], v["cached"], v["p50"], v["p95"], v["p99"], v["errors"]]
            for path, v in views.items()
        ],
    )
    show_usage(bench, site, before, used, took)
    bench.note(f"mails waiting at the end {late:,}, after a minute {left:,}; {delays(newest)}")
    exported = export.wait(1_800)
    finish(rule)
    bench.note(f"exported all: status {exported}; invalidated by rule {rule.count:,}")

    petition.refresh_from_db()
    stored = Signature.objects.filter(pk__gt=newest).count()
    given = petition.last_number - numbers
    lost = accepted(answers["sign"]) - stored + accepted(answers["confirm"]) - given
    refused = sum(len(got) - accepted(got) for got in answers.values())
    errors = sum(v["errors"] for v in views.values())
    for name, got in answers.items():
        bench.claim(f"{name}_p95_ms", load.percentile(got, 95), "< 250")
    bench.claim("not_accepted", refused, "== 0")
    bench.claim("errors", errors + exported, "== 0")
    bench.claim("lost", lost, "== 0")
    bench.claim("mails_left", left, "== 0")
    bench.claim("count_drift", audit.drift(petition), "== 0")


def by_minute(bench, answers):
    """Print how long answers took minute by minute: what else went on is seen in them."""
    width = 60 * RATE
    minutes = range(max(1, min(map(len, answers.values())) // width))
    bench.table(
        ["p95 ms in minute", *(str(minute + 1) for minute in minutes)],
        [
            [name, *(load.percentile(got[m * width : (m + 1) * width], 95) for m in minutes)]
            for name, got in answers.items()
        ],
    )


def browse(nginx, petition, answers, over):
    """An administrator looks at page after page of the list, and at the dashboard."""
    client = Client()
    client.force_login(User.objects.create_superuser("admin"))
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    index = reverse("petition_signatures:index")
    newest = Signature.objects.order_by("-pk").values_list("pk", flat=True)[0]
    turn = 0
    while not over.wait(PAUSE):
        path = f"{index}?status=&p=older-{newest - 50 * turn}"
        if turn % 5 == 4:
            path = reverse("petitions:dashboard", args=[petition.pk])
        answers.append(load.send(nginx, load.get(nginx, path, cookie)))
        turn += 1


def invalidate_by_rule(petition):
    """A rule that matches about ``INVALIDATED`` signatures; the worker takes it up."""
    numbered = Signature.objects.filter(petition=petition).order_by("number")
    first, last = numbered.filter(number__gte=1)[0], min(petition.last_number, INVALIDATED)
    until = numbered.filter(number__gte=last)[0]
    rule = Invalidation(
        petition=petition,
        signed_from=first.signed_at,
        signed_until=until.signed_at,
        reason="A benchmark",
    )
    invalidation.start(rule)
    return rule


def finish(rule):
    """Wait until the worker has gone through all numbers."""
    deadline = time.monotonic() + 1_800
    while rule.is_at_work and time.monotonic() < deadline:
        time.sleep(1)
        rule.refresh_from_db()


def delays(newest):
    """How long the mails of signatures after ``newest`` took to be sent, in words."""
    sent = OutgoingEmail.objects.filter(
        signature__pk__gt=newest, state=OutgoingEmail.State.SENT
    ).exclude(sent_at=None)
    seconds = [(s - c).total_seconds() for s, c in sent.values_list("sent_at", "created_at")]
    cut = quantiles(seconds, n=100)
    return (
        f"sent after {cut[49]:.1f} s (p50), {cut[94]:.1f} s (p95), {max(seconds):.1f} s (longest)"
    )


def show_usage(bench, site, before, after, took):
    """Print how much of the machine each process had, and its memory."""
    rows = []
    for name, seconds in after.items():
        pid = site.processes[name].pid if name in site.processes else "self"
        pids = usage.children(pid) if name == "web" else [pid]
        memory = ", ".join(f"{usage.peak_mb(pid):.0f}" for pid in pids)
        rows.append([name, f"{(seconds - before[name]) / took:.0%}", memory])
    bench.table(["", "of one CPU", "peak MB"], rows)


def limit(bench, page, site, crowd):
    """Raise the rate step by step until people wait too long or get errors."""
    seconds = bench.seconds(STEP_SECONDS)
    rate, rows, broke = RATE, [], []
    while not any(kind == "web" for kind, _what in broke):
        rate = round(rate * STEP)
        before, start = site.cpu_seconds(), time.perf_counter()
        with readers.reading(site.nginx, VIEWS, seconds, [page.url]) as (_process, results):
            answers = load.open_loop(
                site.nginx, partial(crowd.next_requests, site.nginx), rate, seconds
            )
            views = results()[page.url]
        used, took = site.cpu_seconds(), time.perf_counter() - start
        late, _left = drain()
        busiest = sorted(used, key=lambda name: before[name] - used[name])[:3]
        rows.append(
            [
                rate,
                *(accepted(answers[name]) / seconds for name in ("sign", "confirm")),
                *(load.percentile(answers[name], 95) for name in ("sign", "confirm")),
                views["p95"],
                late,
                ", ".join(f"{n} {(used[n] - before[n]) / took:.0%}" for n in busiest),
            ]
        )
        broke += [
            (kind, f"{rate} a second: {what}") for kind, what in wrong(answers, views, late, rate)
        ]
    bench.title(f"Faster and faster, {seconds:.0f} s each, with {VIEWS:,} views a second")
    bench.table(
        [
            *("asked", "signed/s", "confirmed/s", "sign p95 ms", "confirm p95 ms"),
            *("view p95 ms", "mails waiting", "busiest, of one CPU"),
        ],
        rows,
    )
    for _kind, what in broke:
        bench.note(what)


def wrong(answers, views, late, rate):
    """What breaks at a rate: pairs of "web" or "mail", and words."""
    for name, got in answers.items():
        if refused := len(got) - accepted(got):
            yield "web", f"{refused:,} of {len(got):,} not accepted ({name})"
        if (taken := load.percentile(got, 95)) > SLOW:
            yield "web", f"p95 of {name} is {taken:,.0f} ms"
    if views["errors"] or views["p95"] > SLOW:
        yield "web", f"views: p95 {views['p95']:,.0f} ms, {views['errors']:,} errors"
    if late > LATE * 2 * rate:
        yield "mail", f"{late:,} mails wait, more than {LATE} s of them"
