"""The databases to measure on: a PostgreSQL server of our own, and an SQLite file."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path


def free_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """A PostgreSQL server of our own with default settings, which benchmarks may crash."""

    def __init__(self, folder):
        self.data = folder / "postgresql"
        self.port = free_port()
        self.process = None
        # PostgreSQL refuses to run as root.
        self.user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        folder.chmod(0o755)
        self.data.mkdir(mode=0o700)
        if self.user:
            shutil.chown(self.data, **self.user)
        self.log = (folder / "postgresql.log").open("ab")
        self._run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"
        )

    @property
    def url(self):
        """The address of the database the benchmark uses."""
        return f"postgres://postgres@127.0.0.1:{self.port}/bench"

    def start(self):
        """Start the server and wait until it answers."""
        self.process = subprocess.Popen(
            [
                _program("postgres"),
                *("-D", self.data, "-p", str(self.port), "-c", "listen_addresses=127.0.0.1"),
                *("-c", f"unix_socket_directories={self.data}"),
            ],
            stdout=self.log,
            stderr=self.log,
            cwd="/",
            **self.user,
        )
        deadline = time.monotonic() + 60
        while subprocess.run(
            [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False
        ).returncode:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL did not start.")
            time.sleep(0.1)

    def create(self):
        """Create the database."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "bench")

    def copy(self, name):
        """Copy the database, which nobody may be connected to, to another one."""
        self._run(
            *("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"),
            *("-T", "bench", name),
        )

    def stop(self, how=signal.SIGINT):
        """Stop the server: SIGINT cuts connections, SIGQUIT is a crash."""
        self.process.send_signal(how)
        self.process.wait(60)

    def _run(self, program, *arguments):
        command = [_program(program), *arguments]
        subprocess.run(command, check=True, stdout=self.log, stderr=self.log, cwd="/", **self.user)


def _program(name):
    if not (found := _find(name)):
        raise RuntimeError(f"PostgreSQL's {name} is needed for this benchmark.")
    return found


def _find(name):
    """Where one of PostgreSQL's programs is; Debian keeps the server's away from PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(versions[-1]) if versions else None)


def has_postgresql():
    """Whether PostgreSQL is installed."""
    return bool(_find("initdb") and _find("postgres"))


@contextlib.contextmanager
def postgresql(folder):
    """Yields (database URL, the ``Cluster``)."""
    cluster = Cluster(folder)
    cluster.start()
    try:
        cluster.create()
        yield cluster.url, cluster
    finally:
        cluster.stop()
        cluster.log.close()


@contextlib.contextmanager
def sqlite(folder):
    """Yields (database URL, None)."""
    yield f"sqlite:///{folder / 'bench.sqlite3'}", None


STARTERS = {"postgresql": postgresql, "sqlite": sqlite}


def prepare():
    """Set Django up and make the tables."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def use(name):
    """Switch to another database of the same server."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def cache_key(key, prefix, version):
    """A key of Django's cache for each database, so that they don't share cached data."""
    from django.db import connection

    return f"{connection.settings_dict['NAME']}:{prefix}:{version}:{key}"


def rows_read():
    """Rows and index entries that all finished statements have read; 0 where this isn't counted.

    On PostgreSQL. Not within a transaction.
    """
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        # Otherwise a connection reports what it did once a second.
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables)"
            " + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes)"
        )
        return int(cursor.fetchone()[0])


def close():
    """Close the connections before the database stops."""
    from django.db import connections

    connections.close_all()
