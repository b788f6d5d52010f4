"""An update to hundreds of thousands, while its workers are killed and people go on signing.

First one worker sends receipts, then updates: what each costs. Then four send the rest, are killed
at random moments, and people sign meanwhile, whose confirmation emails mustn't wait.
"""

import random
import signal
import threading
import time
from collections import Counter
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone
from wagtail.rich_text import RichText

from wagtail_petition import ledger
from wagtail_petition.models import OutgoingEmail, PetitionUpdatePage, Signature, Update
from wagtail_petition.models.update import version
from wagtail_petition.updates import sending
from wagtail_petition.updates.audience import Audience, in_audience

from . import content, server, usage
from .fill import fill
from .flow import settle_mails

ROWS = 300_000
WORKERS = 4
KILLS = 20
# Emails of each kind that one worker sends alone, or a tenth of all if that is less.
ALONE = 10_000
Kind, State = OutgoingEmail.Kind, OutgoingEmail.State


def run(bench):
    """Send to ``bench.rows`` signers."""
    page = content.make_petition_page(content.make_site())
    fill(page, bench.rows)
    settle_mails()
    petition = page.petition
    petition.signatures.filter(status="confirmed").update(wants_news=True)
    update = sending.get_update(petition, _publish_update(page))
    number = min(ALONE, bench.rows // 10)
    alone = {"receipts": _send_alone(bench, number, lambda: _queue_receipts(petition, number))}
    with server.smtp_sink(bench.folder) as (port, taken):
        alone["updates"] = _measure(bench, port, taken, number, lambda: _start(update))
        kills, delays = _send_rest(bench, page, update, port)
        got = Counter(line.split("\t")[0] for line in taken.read_text().splitlines())
    _report(bench, alone)
    _claim(bench, update, alone, got, kills, delays)


def _publish_update(page):
    text = RichText("<p>The minister has answered, and will hear us in May.</p>" * 20)
    update = PetitionUpdatePage(title="The minister has answered", body=[("text", text)])
    page.add_child(instance=update)
    update.save_revision().publish()
    return update


def _start(update):
    sender = get_user_model().objects.create(username="sender")
    update.tested = {"en": version(PetitionUpdatePage.objects.get())}
    update.save(update_fields=["tested"])
    sending.start(update, Audience(), title=update.title, send_at=None, user=sender)


def _queue_receipts(petition, number):
    signers = petition.signatures.filter(status="confirmed", email_key__isnull=False)
    ledger.queue_emails(Kind.RECEIPT, signers.values_list("pk", "email_key")[:number])


# One worker


class Alone:
    """What one worker did: emails a second, processor time of each, and its memory."""

    def __init__(self, rate, milliseconds, first_mb, last_mb):
        self.rate, self.milliseconds = rate, milliseconds
        self.first_mb, self.last_mb = first_mb, last_mb


def _send_alone(bench, number, queue):
    with server.smtp_sink(bench.folder) as (port, taken):
        result = _measure(bench, port, taken, number, queue)
    settle_mails()
    return result


def _measure(bench, port, taken, number, queue):
    """Let one worker send ``number`` emails. Neither its start nor its end counts."""
    queue()
    worker = server.start_mail_worker(bench.folder, port)
    try:
        first = _await(taken, worker, number // 10)
        last = _await(taken, worker, number * 9 // 10)
    finally:
        server.stop(worker)
    sent = last[0] - first[0]
    return Alone(sent / (last[1] - first[1]), (last[2] - first[2]) / sent * 1000, first[3], last[3])


def _await(taken, worker, number):
    """(emails, time, processor time, peak memory in MB) once so many were taken."""
    while (got := taken.read_bytes().count(b"\n")) < number:
        if worker.poll() is not None:
            raise RuntimeError("The worker ended.")
        time.sleep(0.01)
    return got, time.monotonic(), usage.cpu_seconds([worker.pid]), usage.peak_mb(worker.pid)


# Four workers


def _send_rest(bench, page, update, port):
    """Send the rest. Returns (number of kills, seconds that each confirmation email waited)."""
    over = threading.Event()
    signing = threading.Thread(target=_sign_meanwhile, args=[page, over])
    signing.start()
    rng, kills, step = random.Random(1), 0, max(1, update.total // (KILLS + 1))
    workers = [server.start_mail_worker(bench.folder, port) for _ in range(WORKERS)]
    try:
        goal = _sent(update) + step
        while not _is_done(update):
            if kills < KILLS and _sent(update) >= goal:
                goal += step
                time.sleep(rng.uniform(0, 0.2))
                victim = rng.randrange(WORKERS)
                workers[victim].send_signal(signal.SIGKILL)
                workers[victim].wait()
                workers[victim] = server.start_mail_worker(bench.folder, port)
                kills += 1
            # The leases of the dead end after ten minutes: let them pass once nothing else waits.
            _end_leases_of_the_dead(update)
            time.sleep(0.2)
    finally:
        over.set()
        signing.join()
        for worker in workers:
            server.stop(worker)
    probes = OutgoingEmail.objects.filter(kind=Kind.CONFIRM, signature__email__startswith="late-")
    return kills, [
        (sent_at - created_at).total_seconds()
        for sent_at, created_at in probes.exclude(sent_at=None).values_list("sent_at", "created_at")
    ]


def _sent(update):
    return update.emails.filter(state=State.SENT).count()


def _is_done(update):
    return Update.objects.get(pk=update.pk).state == Update.State.SENT


def _end_leases_of_the_dead(update):
    due = update.emails.filter(state=State.DUE)
    update.refresh_from_db()
    is_queued = (
        update.position >= update.until
        or not in_audience(update.petition, Audience())
        .filter(pk__gt=update.position, pk__lte=update.until)
        .exists()
    )
    if is_queued and not due.filter(lease="").exists():
        now = timezone.now()
        # A living worker renews its leases: those older than a minute belong to the dead.
        due.filter(due_at__lt=now + sending.sender.LEASE - timedelta(minutes=1)).update(due_at=now)


def _sign_meanwhile(page, over):
    """One person signs each half second."""
    number = 0
    while not over.wait(0.5):
        person = content.signer(f"late-{number}")
        del person["consent"]
        ledger.sign(page, **person | {"show_name": True})
        number += 1
    connection.close()


# Results


def _report(bench, alone):
    bench.title("One worker")
    bench.table(
        ["", "emails a second", "CPU ms each", "MB at first", "MB at last"],
        [
            [name, each.rate, each.milliseconds, each.first_mb, each.last_mb]
            for name, each in alone.items()
        ],
    )


def _claim(bench, update, alone, got, kills, delays):
    expected = set(Signature.objects.filter(emails__update=update).values_list("email", flat=True))
    got = Counter({address: times for address, times in got.items() if address in expected})
    twice = sum(times - 1 for times in got.values())
    delays.sort()
    bench.title(f"{len(expected):,} signers, {WORKERS} workers, killed {kills} times")
    bench.note(f"{len(delays)} confirmation emails meanwhile, {twice} updates sent twice")
    bench.claim("missed", len(expected - got.keys()), "== 0")
    # Each dead worker may have sent one email that it couldn't note any more.
    bench.claim("twice", twice, f"<= {kills}")
    bench.claim("rate_to_receipts", alone["updates"].rate / alone["receipts"].rate, ">= 0.9")
    bench.claim("memory_growth_mb", alone["updates"].last_mb - alone["updates"].first_mb, "<= 10")
    # Without any, the claim fails.
    p95 = delays[int(len(delays) * 0.95)] if delays else 60.0
    bench.claim("confirmation_p95_seconds", p95, "< 10")
