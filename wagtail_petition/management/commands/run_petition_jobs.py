"""``manage.py run_petition_jobs``: send queued emails and run the jobs, once or as a worker."""

import logging
import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connections

from wagtail_petition import jobs

logger = logging.getLogger("wagtail_petition.jobs")

HOUR = 60 * 60


class Command(BaseCommand):
    help = (
        "Sends queued emails and runs the scheduled jobs. "
        "Run it from cron every few minutes, or as a worker with --watch. Several can run at once."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--watch", action="store_true", help="Run until stopped with SIGTERM or Ctrl-C."
        )
        parser.add_argument(
            "--interval",
            type=float,
            default=2,
            metavar="SECONDS",
            help="With --watch: how long to wait when nothing is due. Default: 2.",
        )

    def handle(self, *, watch, interval, **options):
        if not watch:
            sent = sum(iter(jobs.send_mails, 0))
            jobs.work_off()
            jobs.housekeeping()
            self.stdout.write(f"Sent {sent} mails.")
            return
        self._watch(interval)

    def _watch(self, interval):
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *args: stop.set())
        self.stdout.write("Working. Stop with Ctrl-C.")
        # In two threads, so that emails don't wait while a delivery is built.
        with ThreadPoolExecutor() as pool:
            loops = [
                pool.submit(_repeat, work, stop, interval)
                for work in (jobs.send_mails, _Others().work)
            ]
            wait(loops, return_when=FIRST_COMPLETED)
            # If one loop fails, stop the other.
            stop.set()
        for loop in loops:
            loop.result()
        self.stdout.write("Stopped.")


class _Others:
    """All work except emails, with housekeeping once an hour."""

    def __init__(self):
        self.next_housekeeping = 0.0

    def work(self):
        jobs.work_off()
        if time.monotonic() >= self.next_housekeeping:
            jobs.housekeeping()
            self.next_housekeeping = time.monotonic() + HOUR


def _repeat(work, stop, interval):
    """Call ``work`` until ``stop`` is set, with a pause whenever it returns 0."""
    try:
        while not stop.is_set():
            found = 0
            try:
                found = work()
            except (OperationalError, InterfaceError):
                # The database may be restarting. The work stays queued.
                logger.exception("The database does not answer; trying again")
                connections.close_all()
            if not found:
                stop.wait(interval)
    finally:
        connections.close_all()
