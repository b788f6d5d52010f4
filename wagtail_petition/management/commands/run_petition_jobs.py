"""``manage.py run_petition_jobs``: send owed mail and keep house, once or as a worker."""

import logging
import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connections

from wagtail_petition import jobs

logger = logging.getLogger("wagtail_petition.jobs")

HOUR = 60 * 60


class Command(BaseCommand):
    help = (
        "Sends the mails that are owed and does what has to be done from time to time. "
        "Run it from cron every few minutes, or with --watch as a worker. Any number may run."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--watch", action="store_true", help="Go on until stopped (SIGTERM or Ctrl-C)."
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
            sent = jobs.work_off()
            jobs.housekeeping()
            self.stdout.write(f"Sent {sent} mails.")
            return
        self._watch(interval)

    def _watch(self, interval):
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *args: stop.set())
        self.stdout.write("Working. Stop with Ctrl-C.")
        next_housekeeping = 0
        while not stop.is_set():
            sent = 0
            try:
                sent = jobs.work_off()
                if time.monotonic() >= next_housekeeping:
                    jobs.housekeeping()
                    next_housekeeping = time.monotonic() + HOUR
            except (OperationalError, InterfaceError):
                # A database that restarts is no reason to stop: what was owed is still owed.
                logger.exception("The database does not answer; trying again")
                connections.close_all()
            if not sent:
                stop.wait(interval)
        self.stdout.write("Stopped.")
