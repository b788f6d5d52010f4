"""PostgreSQL crashes while people sign and mails are sent, and comes back."""

import contextlib
import signal
import threading
import time

from django.db import connection

from benchmarks import server
from wagtail_petition.models import OutgoingEmail

from .mail import DUE, count, queue_mails, settle
from .signers import Crowd, attempts

AWAY = 2


def run(bench, page):
    """Three crashes of two seconds each."""
    number = bench.rows // 5
    crowd = Crowd(page)
    queue_mails(page, 0, "")
    links = attempts(page, number // 10, "crash-confirm")
    with server.smtp_sink(bench.folder) as (port, taken), contextlib.ExitStack() as stack:
        site = stack.enter_context(server.gunicorn(bench.folder))
        stack.enter_context(server.mail_worker(bench.folder, port))
        over = threading.Event()

        def crash():
            for _ in range(3):
                if over.wait(1):
                    return
                bench.cluster.stop(signal.SIGQUIT)
                time.sleep(AWAY)
                bench.cluster.start()

        crashes = threading.Thread(target=crash)
        crashes.start()
        try:
            crowd.run(site, "crash", number, links)
        finally:
            over.set()
            crashes.join()
        connection.close()
        settle()
        delivered, twice = count(taken)
    bench.title(f"PostgreSQL crashes three times for {AWAY} s during {number:,} signings")
    crowd.report(bench, "crash")
    bench.note(f"mails delivered {delivered:,}, of these twice {twice:,}")
    bench.claim("crash_mails_left", OutgoingEmail.objects.filter(**DUE).count(), "== 0")
    bench.claim("crash_not_acknowledged", crowd.gave_up, "== 0")
