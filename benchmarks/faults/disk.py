"""The disk of an SQLite database fills up while people sign, and has room again later."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter

from django.db import connection

from benchmarks import content, load, server
from wagtail_petition.models import Signature

MB = 2**20
PEOPLE = 3_000


def run(bench, page):
    """Use a small disk that root can mount on Linux. Skipped elsewhere."""
    bench.title("A disk fills up")
    if os.geteuid() != 0 or sys.platform != "linux":
        bench.note("Left out: it takes root on Linux to mount a small disk.")
        return
    copy = bench.folder / "copy.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    with small_disk(bench.folder / "disk", copy.stat().st_size + 6 * MB) as disk:
        database = shutil.move(copy, disk / "full.sqlite3")
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(4 * MB))
        with server.gunicorn(bench.folder, DATABASE_URL=f"sqlite:///{database}") as site:
            full = sign(site, page, "full")
            ballast.unlink()
            after = sign(site, page, "room")
        with contextlib.closing(sqlite3.connect(database)) as opened:
            rows = opened.execute(f"SELECT email FROM {Signature._meta.db_table}")
            stored = {email for (email,) in rows}
    bench.table(
        ["", "303", "503", "other"],
        [
            [name, seen[303], seen[503], sum(n for s, n in seen.items() if s not in (303, 503))]
            for name, (seen, _told) in {"until it is full": full, "with room": after}.items()
        ],
    )
    told = full[1] | after[1]
    bench.claim("disk_lost", len(told - stored), "== 0")
    bench.claim("disk_refused_with_503", full[0][503], ">= 1")
    seen = full[0] + after[0]
    bench.claim("disk_other_errors", seen.total() - seen[303] - seen[503], "== 0")
    bench.claim("disk_accepted_with_room", after[0][303] / after[0].total(), "== 1")


@contextlib.contextmanager
def small_disk(folder, size):
    """A file system in memory with a limited size in bytes."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def sign(site, page, name):
    """Let people sign until 20 failed. Returns (statuses, addresses that were acknowledged)."""
    seen, told = Counter(), set()
    for i in range(PEOPLE if name == "full" else 50):
        person = content.signer(f"{name}-{i}")
        answer = load.send(site, load.post(site, page.sign_url, person))
        seen[answer.status] += 1
        if answer.status == 303:
            told.add(person["email"])
        elif seen.total() - seen[303] >= 20:
            break
    return seen, told
