"""An update to hundreds of thousands, while its workers are killed and people go on signing.

First one worker sends receipts, then updates: what each costs. Then four send the rest and are
killed at random moments. Meanwhile people sign and confirm over HTTP, as fast as on the busiest day
known; their confirmation emails mustn't wait behind the updates.
"""

import contextlib
import random
import signal
import threading
import time
from collections import Counter
from datetime import timedelta
from functools import partial

from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.rich_text import RichText

from wagtail_petition import ledger
from wagtail_petition.models import OutgoingEmail, PetitionUpdatePage, Signature, Update
from wagtail_petition.models.update import version
from wagtail_petition.updates import sending
from wagtail_petition.updates.audience import Audience, in_audience

from . import audit, content, load, server, usage
from .fill import fill
from .flow import RATE, Crowd, accepted, drain, settle_mails, table

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
    with server.smtp_sink(bench.folder) as (port, taken), taken.open() as mails:
        # Before the update's emails are queued, since it settles all that are.
        crowd = Crowd(page, mails, "meanwhile")
        alone["updates"] = _measure(bench, port, taken, number, lambda: _start(update))
        rest = _send_rest(bench, update, port, taken, crowd)
        got = Counter(line.split("\t")[0] for line in taken.read_text().splitlines())
    _report(bench, alone, rest)
    _claim(bench, update, alone, got, rest)


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


class Rest:
    """What happened while four workers sent the rest."""

    def __init__(self):
        self.kills, self.seconds, self.answers = 0, 0.0, {}
        # Seconds that each confirmation email waited, and how many emails weren't sent at all.
        self.delays, self.left = [], 0


def _send_rest(bench, update, port, taken, crowd):
    """Send the rest while the people of ``crowd`` sign and confirm. Returns a ``Rest``."""
    rest, over = Rest(), threading.Event()
    with server.gunicorn(bench.folder) as site, contextlib.ExitStack() as stack:
        # What was just started answers slowly at first.
        _let_sign(site, crowd, bench.seconds(10))
        newest = Signature.objects.order_by("-pk")[0].pk
        workers = [server.start_mail_worker(bench.folder, port) for _ in range(WORKERS)]
        stack.callback(lambda: [server.stop(worker) for worker in workers])
        signing = threading.Thread(target=_sign_until, args=[bench, site, crowd, over, rest])
        signing.start()
        start = time.monotonic()
        try:
            rest.kills = _kill_until_sent(bench, update, port, taken, workers)
            rest.seconds = time.monotonic() - start
        finally:
            over.set()
            signing.join()
        # Again after the minute that a drain waits at most, since only then all of the dead are known.
        for _ in range(2):
            _end_leases_of_the_dead(OutgoingEmail.objects.all())
            _late, rest.left = drain()
    rest.delays = _delays(newest)
    return rest


def _let_sign(site, crowd, seconds):
    return load.open_loop(site, partial(crowd.next_requests, site), RATE, seconds)


def _sign_until(bench, site, crowd, over, rest):
    while not over.is_set():
        for name, got in _let_sign(site, crowd, bench.seconds(10)).items():
            rest.answers.setdefault(name, []).extend(got)


def _delays(newest):
    """Seconds that the confirmation emails of signatures after ``newest`` waited, in order."""
    emails = OutgoingEmail.objects.filter(kind=Kind.CONFIRM, signature__pk__gt=newest)
    now = timezone.now()
    times = emails.values_list("created_at", "sent_at")
    return sorted(((sent or now) - created).total_seconds() for created, sent in times)


def _kill_until_sent(bench, update, port, taken, workers):
    """Kill workers at random moments until all is sent. Returns how often."""
    rng, kills = random.Random(1), 0
    update.refresh_from_db()
    with taken.open() as lines:
        sent = _updates_in(lines)
        step = max(1, (update.total - sent) // (KILLS + 1))
        goal = sent + step
        while not _is_done(update):
            sent += _updates_in(lines)
            if kills < KILLS and sent >= goal:
                goal += step
                time.sleep(rng.uniform(0, 0.2))
                victim = rng.randrange(WORKERS)
                workers[victim].send_signal(signal.SIGKILL)
                workers[victim].wait()
                workers[victim] = server.start_mail_worker(bench.folder, port)
                kills += 1
            # The leases of the dead end after ten minutes: let them pass once nothing else waits.
            if _all_are_taken(update):
                _end_leases_of_the_dead(update.emails)
            time.sleep(0.2)
    return kills


def _updates_in(lines):
    """How many new lines are about updates: only who signed before has this domain."""
    return sum("@example.com\t" in line for line in lines)


def _is_done(update):
    return Update.objects.get(pk=update.pk).state == Update.State.SENT


def _all_are_taken(update):
    """Whether each email of the update is queued, and sent or leased."""
    update.refresh_from_db()
    is_queued = (
        update.position >= update.until
        or not in_audience(update.petition, Audience())
        .filter(pk__gt=update.position, pk__lte=update.until)
        .exists()
    )
    return is_queued and not update.emails.filter(state=State.DUE, lease="").exists()


def _end_leases_of_the_dead(emails):
    # A living worker renews its leases: those older than a minute belong to the dead.
    now = timezone.now()
    until = now + sending.sender.LEASE - timedelta(minutes=1)
    emails.filter(state=State.DUE, due_at__lt=until).exclude(lease="").update(due_at=now)


# Results


def _report(bench, alone, rest):
    bench.title("One worker")
    bench.table(
        ["", "emails a second", "CPU ms each", "MB at first", "MB at last"],
        [
            [name, each.rate, each.milliseconds, each.first_mb, each.last_mb]
            for name, each in alone.items()
        ],
    )
    bench.title(
        f"{WORKERS} workers, killed {rest.kills} times, {rest.seconds:.0f} s; "
        f"{RATE} signings and {RATE} confirmations a second meanwhile"
    )
    table(bench, rest.answers)


def _claim(bench, update, alone, got, rest):
    expected = set(Signature.objects.filter(emails__update=update).values_list("email", flat=True))
    got = Counter({address: times for address, times in got.items() if address in expected})
    twice = sum(times - 1 for times in got.values())
    bench.note(
        f"{len(expected):,} signers, {twice} updates sent twice; "
        f"{len(rest.delays):,} confirmation emails meanwhile"
    )
    bench.claim("missed", len(expected - got.keys()), "== 0")
    # Each dead worker may have sent one email that it couldn't note any more.
    bench.claim("twice", twice, f"<= {rest.kills}")
    bench.claim("rate_to_receipts", alone["updates"].rate / alone["receipts"].rate, ">= 0.9")
    bench.claim("memory_growth_mb", alone["updates"].last_mb - alone["updates"].first_mb, "<= 10")
    for name, answers in rest.answers.items():
        bench.claim(f"{name}_p95_ms", load.percentile(answers, 95), "< 250")
    refused = sum(len(answers) - accepted(answers) for answers in rest.answers.values())
    bench.claim("not_accepted", refused, "== 0")
    p95 = rest.delays[int(len(rest.delays) * 0.95)]
    bench.claim("confirmation_p95_seconds", p95, "< 10")
    bench.claim("mails_left", rest.left, "== 0")
    bench.claim("count_drift", audit.drift(update.petition), "== 0")
