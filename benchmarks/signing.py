"""Signing and confirming against a contrib.forms page with the same fields, and a record's rate.

Both forms are served by the same gunicorn in the same run, in rounds that alternate, with the
signatures already in the table. Ours also queues an email; the peer, as installed, sends none.
"""

from functools import partial
from statistics import median
from typing import NamedTuple

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.forms.models import FormSubmission

from wagtail_petition.models import Petition, Signature

from . import audit, content, databases, load, server
from .fill import fill
from .flow import RATE, Crowd, accepted, attempts, drain, table

ROWS = 1_000_000
FEW = 1_000
ROUNDS = 11
# How many rows more a request may read from the large table than from the small one. Some index
# entries belong to rows that were updated a moment ago.
MORE_ROWS = 20
CSRF_COOKIE = f"csrftoken={content.CSRF_TOKEN}"


def run(bench):
    """Fill, measure queries, throughput and the record's rate."""
    home = content.make_site()
    petition, form = content.make_petition_page(home), content.make_form_page(home)
    fill(petition, FEW)
    few = queries(petition, "few")
    seconds = fill(petition, bench.rows)
    bench.title(f"{bench.rows:,} signatures, filled in {seconds:.0f} s")
    many = queries(petition, "many")
    sizes = [f"at {FEW:,}", f"at {bench.rows:,}"]
    bench.table(
        ["Queries per request", *sizes],
        [[name, few[name].queries, many[name].queries] for name in few],
    )
    changed = sum(many[name].queries != few[name].queries for name in few)
    bench.claim("queries_that_grow", changed, "== 0")
    if bench.database == "postgresql":
        bench.table(
            ["Rows read per request", *sizes],
            [[name, few[name].rows, many[name].rows] for name in few],
        )
        more = max(many[name].rows - few[name].rows for name in few)
        bench.claim("more_rows_read_per_request", more, f"<= {MORE_ROWS}")
    with server.gunicorn(bench.folder) as site:
        throughput(bench, site, petition, form)
    record(bench, petition)
    bench.claim("count_drift", audit.drift(petition.petition), "== 0")


class Cost(NamedTuple):
    """What a request asks of the database: its queries, and the rows that they read."""

    queries: int
    rows: int


def queries(page, prefix):
    """The ``Cost`` of each request of a signer: {name: cost}, with caches warm."""
    client = Client(headers={"Origin": "http://testserver"})
    warm, link = attempts(page, 2, f"queries-{prefix}")
    # The address of the first attempt, which counts by then.
    (duplicate,) = attempts(page, 1, f"queries-{prefix}")
    signers = (content.signer(f"queries-{prefix}-new-{i}") for i in range(2))
    client.post(page.sign_url, next(signers))
    client.get(f"/petitions/confirm/{warm}/")
    client.post(f"/petitions/confirm/{warm}/")
    steps = {
        "sign": lambda: client.post(page.sign_url, next(signers)),
        "show what is confirmed": lambda: client.get(f"/petitions/confirm/{link}/"),
        "confirm": lambda: client.post(f"/petitions/confirm/{link}/"),
        "confirm an address that counts": lambda: client.post(f"/petitions/confirm/{duplicate}/"),
    }
    counted = {}
    for name, step in steps.items():
        before = databases.rows_read()
        with CaptureQueriesContext(connection) as captured:
            answer = step()
        rows = databases.rows_read() - before
        if answer.status_code not in (200, 303, 409):
            raise RuntimeError(f"{name}: {answer.status_code}")
        counted[name] = Cost(len(captured), rows)
    return counted


def throughput(bench, site, petition, form):
    """Accepted POSTs a second, in rounds that alternate."""
    seconds = bench.seconds(3)
    stored, submitted = Signature.objects.count(), FormSubmission.objects.count()
    numbers = Petition.objects.get(pk=petition.petition.pk).last_number
    links = attempts(petition, int(seconds * ROUNDS * 500), "confirming")
    prepared = Signature.objects.count() - stored
    posts = {
        "sign": (
            load.post(site, petition.sign_url, content.signer(f"load-{i}")) for i in range(10**9)
        ),
        "contrib.forms": (
            load.post(site, form.url, content.form_signer(f"load-{i}"), CSRF_COOKIE)
            for i in range(10**9)
        ),
        "confirm": (load.post(site, f"/petitions/confirm/{link}/") for link in links),
    }
    for name in ("sign", "contrib.forms"):
        load.closed_loop(site, posts[name], seconds=1)
    accepted = {"sign": 303, "contrib.forms": 200, "confirm": 303}
    rates, answers = {name: [] for name in posts}, {name: [] for name in posts}
    processor = dict.fromkeys(posts, 0)
    for _ in range(ROUNDS):
        for name, requests in posts.items():
            before = site.cpu_seconds()
            got, took = load.closed_loop(site, requests, seconds=seconds)
            processor[name] += site.cpu_seconds() - before
            taken = sum(answer.status == accepted[name] for answer in got)
            rates[name].append(taken / took)
            answers[name] += got
    bench.title(f"Accepted POSTs a second, medians of {ROUNDS} rounds of {seconds:.0f} s")
    bench.table(
        ["", "POST/s", "lowest", "highest", "p50 ms", "p95 ms", "CPU ms", "not accepted"],
        [
            [
                name,
                median(rates[name]),
                min(rates[name]),
                max(rates[name]),
                load.percentile(answers[name], 50),
                load.percentile(answers[name], 95),
                1000 * processor[name] / len(answers[name]),
                sum(answer.status != accepted[name] for answer in answers[name]),
            ]
            for name in posts
        ],
    )
    stored = Signature.objects.count() - stored - prepared
    submitted = FormSubmission.objects.count() - submitted
    confirmed = Petition.objects.get(pk=petition.petition.pk).last_number - numbers
    bench.note(
        f"stored: {stored:,} signatures, {submitted:,} form submissions, {confirmed:,} confirmed"
    )

    peer = median(rates["contrib.forms"])
    bench.claim("sign_times_forms", median(rates["sign"]) / peer, ">= 1.25")
    bench.claim("confirm_times_forms", median(rates["confirm"]) / peer, ">= 1")


def record(bench, petition):
    """34 signings and 34 confirmations a second, each mail sent and its link followed."""
    seconds = bench.seconds(300)
    with (
        server.smtp_sink(bench.folder) as (port, taken),
        taken.open() as mails,
    ):
        crowd = Crowd(petition, mails)
        with server.gunicorn(bench.folder) as site, server.mail_worker(bench.folder, port):
            answers = load.open_loop(site, partial(crowd.next_requests, site), RATE, seconds)
            late, left = drain()
        recipients = [line.split("\t")[0] for line in taken.read_text().splitlines()]
    bench.title(f"{RATE} signings and {RATE} confirmations a second for {seconds:.0f} s")
    table(bench, answers)
    bench.note(
        f"mails delivered {len(recipients):,}, waiting at the end {late:,}, after a minute {left:,}"
    )
    for name, got in answers.items():
        bench.claim(f"{name}_p95_ms", load.percentile(got, 95), "< 250")
    refused = sum(len(got) - accepted(got) for got in answers.values())
    bench.claim("record_not_accepted", refused, "== 0")
    bench.claim("record_mails_left", left, "== 0")
