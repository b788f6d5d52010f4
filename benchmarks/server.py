"""Run server processes for a benchmark, and stop them by their process."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from . import load, usage
from .databases import free_port

WORKERS = 2


class Gunicorn:
    """Gunicorn serving the site with sync workers, as most Wagtail sites run."""

    def __init__(self, folder, workers=WORKERS, site="benchmarks.site.wsgi", **environment):
        self.address = ("127.0.0.1", free_port())
        self.process = _start(
            folder / "gunicorn.log",
            "-m",
            "gunicorn",
            site,
            f"--workers={workers}",
            f"--bind={self.host}",
            "--worker-class=sync",
            "--worker-tmp-dir=/dev/shm" if Path("/dev/shm").is_dir() else "--preload",
            **environment,
        )
        await_port(self.address, self.process)

    @property
    def host(self):
        """The host and port, as the Host header has it."""
        return f"{self.address[0]}:{self.address[1]}"

    def cpu_seconds(self):
        """The processor time its workers have used: what a busy machine can't distort much."""
        return usage.cpu_seconds(self.worker_pids())

    def worker_pids(self):
        """The worker processes alive now."""
        return usage.children(self.process.pid)


@contextlib.contextmanager
def gunicorn(folder, **options):
    """A ``Gunicorn`` for the length of a with block."""
    server = Gunicorn(folder, **options)
    try:
        # What a process does once, such as importing views and parsing templates, is not measured.
        load.closed_loop(server, [load.get(server, "/")] * 50)
        yield server
    finally:
        stop(server.process)


def start_mail_worker(folder, smtp_port):
    """Start ``run_petition_jobs --watch``, and wait until it is at work. Returns its process."""
    log = folder / "commands.log"
    before = log.read_text().count("Working") if log.exists() else 0
    process = start_command(folder, "run_petition_jobs", "--watch", SMTP_PORT=smtp_port)
    while log.read_text().count("Working") == before:
        if process.poll() is not None:
            raise RuntimeError(log.read_text()[-2000:])
        time.sleep(0.1)
    return process


@contextlib.contextmanager
def mail_worker(folder, smtp_port):
    """A mail worker for the length of a with block."""
    process = start_mail_worker(folder, smtp_port)
    try:
        yield process
    finally:
        stop(process)


def start_command(folder, *arguments, **environment):
    """Start a management command; returns its process."""
    return _start(folder / "commands.log", "-m", "django", *arguments, **environment)


@contextlib.contextmanager
def smtp_sink(folder, fault="none"):
    """An SMTP server in its own process. Yields (port, the file it lists what it took in)."""
    port, taken = free_port(), folder / f"mails-{time.monotonic_ns()}.txt"
    taken.touch()
    process = _start(folder / "smtp.log", "-m", "benchmarks.smtp_sink", str(port), taken, fault)
    try:
        await_port(("127.0.0.1", port), process)
        yield port, taken
    finally:
        stop(process)


def _start(log, *arguments, **environment):
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            stdout=output,
            stderr=output,
            env=os.environ | {name: str(value) for name, value in environment.items()},
        )


def await_port(address, process, seconds=60):
    """Wait until the process listens on the address."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(address, 1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def stop(process):
    """Ask a process to end, and end it if it doesn't."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
