"""Simulated readers: ``python -m benchmarks.readers PORT RATE SECONDS PATH…``.

GETs at a fixed rate, the paths in turn, over connections that stay open. It is a process of its
own, so that it and who signs don't wait for one interpreter. Its last line is what came back:
{path: {"requests", "errors", "cached", "p50", "p95", "p99"}}, in milliseconds.
"""

import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict

from .load import TIMEOUT, Answer, percentile

CONNECTIONS = 16
HIT = b"from the cache"
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.I)


@contextlib.contextmanager
def reading(server, rate, seconds, paths):
    """Readers for the length of a with block. Yields a function that waits for what came back."""
    arguments = [str(server.address[1]), str(rate), str(seconds), *paths]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.readers", *arguments], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process, lambda: json.loads(process.communicate()[0].splitlines()[-1])
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait()


def read(port, rate, seconds, paths):
    """Send what is due, one thread for each connection. Returns {path: answers}."""
    requests = [f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode() for path in paths]
    answers = defaultdict(list)
    start = time.perf_counter()

    def work(first):
        connection = None
        for moment in range(first, int(rate * seconds), CONNECTIONS):
            due = start + moment / rate
            time.sleep(max(0, due - time.perf_counter()))
            turn = moment % len(paths)
            try:
                connection = connection or socket.create_connection(("127.0.0.1", port), TIMEOUT)
                status, head = fetch(connection, requests[turn])
            except OSError:
                connection, status, head = None, 0, b""
            taken = time.perf_counter() - due
            # Of many thousand answers no more is kept than what is asked below.
            served = b"" if b"X-Cache: MISS" in head else HIT
            answers[paths[turn]].append(Answer(status, taken, served))
            if b"onnection: close" in head:
                connection = None

    threads = [threading.Thread(target=work, args=[first]) for first in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def fetch(connection, request):
    """One request over an open connection. Returns (status, head)."""
    connection.sendall(request)
    received = b""
    while b"\r\n\r\n" not in received:
        received += _receive(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    left = int(LENGTH.search(head)[1]) - len(body)
    while left > 0:
        left -= len(_receive(connection))
    return int(head[9:12]), head


def _receive(connection):
    chunk = connection.recv(65536)
    if not chunk:
        raise ConnectionResetError
    return chunk


def summary(answers):
    """The responses in figures."""
    return {
        "requests": len(answers),
        "errors": sum(answer.status != 200 for answer in answers),
        "cached": sum(answer.head == HIT for answer in answers),
        **{f"p{percent}": percentile(answers, percent) for percent in (50, 95, 99)},
    }


def main(port, rate, seconds, *paths):
    answers = read(int(port), float(rate), float(seconds), paths)
    print(json.dumps({path: summary(got) for path, got in answers.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
