"""A mail server that fails, and several workers on one outbox."""

import time
from collections import Counter

from django.test import override_settings
from django.utils import timezone

from benchmarks import server
from benchmarks.databases import free_port
from benchmarks.site.mail import mail_settings
from wagtail_petition.mail import sender
from wagtail_petition.models import OutgoingEmail

from .signers import attempts

FAULTS = {
    "down": "421 at the greeting",
    "greylists": "450 at RCPT",
    "rejects": "550 at RCPT",
    "full": "452 after DATA",
    "hangs": "no answer to DATA",
    "drops": "hangs up after DATA",
}
MAILS = 60
DUE = {"state": OutgoingEmail.State.DUE, "kind": OutgoingEmail.Kind.CONFIRM}


def queue_mails(page, number, name):
    """Queue this number of emails, and drop all others."""
    OutgoingEmail.objects.filter(state=OutgoingEmail.State.DUE).update(
        state=OutgoingEmail.State.DROPPED
    )
    attempts(page, number, name)


def let_time_pass():
    """Make emails due that wait for a retry or for the end of a dead worker's lease."""
    OutgoingEmail.objects.filter(**DUE).update(due_at=timezone.now())


def count(taken):
    """Returns (emails that arrived, emails that arrived more than once), by address and kind."""
    lines = [line.split("\t") for line in taken.read_text().splitlines()]
    mails = Counter((recipient, bool(link)) for recipient, _message, link in lines)
    return len(mails), mails.total() - len(mails)


def run_faults(bench, page):
    """Each fault affects a third of the addresses. Every email arrives in the end."""
    rows, missing, doubled = [], 0, 0
    for fault, meaning in {"refuses": "no server there", **FAULTS}.items():
        queue_mails(page, MAILS, f"mail-{fault}")
        if fault == "refuses":
            with override_settings(**mail_settings(port=free_port(), timeout=1)):
                sender.drain()
            let_time_pass()
        with (
            server.smtp_sink(bench.folder, fault) as (port, taken),
            override_settings(**mail_settings(port=port, timeout=1)),
        ):
            tries = 0
            while OutgoingEmail.objects.filter(**DUE).exists() and tries < MAILS:
                sender.drain()
                let_time_pass()
                tries += 1
            delivered, twice = count(taken)
        failed = OutgoingEmail.objects.filter(
            signature__email__startswith=f"mail-{fault}-", state=OutgoingEmail.State.FAILED
        ).count()
        rows.append([f"{fault}: {meaning}", MAILS, delivered, failed, twice, tries])
        missing += MAILS - delivered - failed
        # Who hangs up after DATA has taken the mail and never said so: nobody can know.
        doubled += twice if fault != "drops" else 0
    bench.title("A mail server that fails")
    bench.table(["Fault", "due", "delivered", "refused for good", "twice", "drains"], rows)
    bench.claim("mails_missing", missing, "== 0")
    bench.claim("mails_twice", doubled, "== 0")


def run_workers(bench, page):
    """Two, four and eight workers on one outbox; then four of which one is killed."""
    number = max(100, bench.rows // 10)
    rows, missing, doubled, doubled_by_kill = [], 0, 0, 0
    for workers, kill in [(2, False), (4, False), (8, False), (4, True)]:
        name = f"workers-{workers}-{'killed' if kill else 'well'}"
        queue_mails(page, 0, name)
        with server.smtp_sink(bench.folder) as (port, taken):
            processes = []
            try:
                for _ in range(workers):
                    processes.append(server.start_mail_worker(bench.folder, port))
                attempts(page, number, name)
                start = time.monotonic()
                while kill and count(taken)[0] < number // 3:
                    time.sleep(0.02)
                if kill:
                    processes[0].kill()
                settle()
                seconds = time.monotonic() - start
            finally:
                for process in processes:
                    server.stop(process)
            delivered, twice = count(taken)
        rows.append([name, number, delivered, twice, number / seconds])
        missing += number - delivered
        if kill:
            doubled_by_kill += twice
        else:
            doubled += twice
    bench.title("Several workers on one outbox")
    bench.table(["Workers", "due", "delivered", "twice", "mails/s"], rows)
    bench.claim("workers_missing", missing, "== 0")
    bench.claim("workers_twice", doubled, "== 0")
    # The mail that was under way when its worker died: nobody can know whether it was taken.
    bench.claim("killed_worker_twice", doubled_by_kill, "<= 1")


def settle():
    """Wait until no email is due, and make emails of dead workers due meanwhile."""
    deadline = time.monotonic() + 300
    quiet = 0
    while OutgoingEmail.objects.filter(**DUE).exists() and time.monotonic() < deadline:
        before = OutgoingEmail.objects.filter(**DUE).count()
        time.sleep(1)
        quiet = quiet + 1 if OutgoingEmail.objects.filter(**DUE).count() == before else 0
        if quiet >= 5:
            let_time_pass()
            quiet = 0
