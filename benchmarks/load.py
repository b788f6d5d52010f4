"""A bounded HTTP client on loopback that leaves the processor to the server.

Requests are bytes made beforehand, sent over plain sockets, one connection each (gunicorn's sync
workers keep none alive). A closed loop measures throughput; an open loop sends at a fixed rate
whatever the server does, and counts a delay from the moment a request was due.
"""

import itertools
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import quantiles
from urllib.parse import urlencode

CLIENTS = 4
TIMEOUT = 60


@dataclass(slots=True)
class Answer:
    """A response. The status is 0 if the connection broke before it."""

    status: int
    seconds: float
    head: bytes = b""
    body: bytes = b""

    @property
    def location(self):
        """The URL of a redirect."""
        return self.header("Location")

    def header(self, name):
        """What a header says; empty if there is none of this name."""
        for line in self.head.decode("latin-1").split("\r\n"):
            found, _, value = line.partition(":")
            if found.lower() == name.lower():
                return value.strip()
        return ""


def get(server, path, cookie=""):
    """The bytes of a GET."""
    head = [
        f"GET {path} HTTP/1.1",
        f"Host: {server.host}",
        "Connection: close",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n"


def post(server, path, data=None, cookie=""):
    """The bytes of a form's POST, as a browser on the same site sends it."""
    body = urlencode(data or {}).encode()
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: {server.host}",
        f"Origin: http://{server.host}",
        "Connection: close",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def send(server, request, due=None):
    """Send one request; ``seconds`` count from ``due`` (a ``time.perf_counter()``), else from now."""
    due = due or time.perf_counter()
    received = []
    try:
        with socket.create_connection(server.address, TIMEOUT) as connection:
            connection.sendall(request)
            while chunk := connection.recv(65536):
                received.append(chunk)
    except OSError:
        return Answer(0, time.perf_counter() - due)
    seconds = time.perf_counter() - due
    head, _, body = b"".join(received).partition(b"\r\n\r\n")
    status = head[9:12]
    return Answer(int(status) if status.isdigit() else 0, seconds, head, body)


def closed_loop(server, requests, seconds=None, clients=CLIENTS):
    """Send ``requests`` as fast as answers come, until they or the seconds are used up.

    Returns (answers, in the order they came, and how long it took).
    """
    requests, lock = iter(requests), threading.Lock()
    answers = []
    start = time.perf_counter()

    def work():
        while seconds is None or time.perf_counter() - start < seconds:
            with lock:
                request = next(requests, None)
            if request is None:
                return
            answers.append(send(server, request))

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, time.perf_counter() - start


def open_loop(server, next_requests, rate, seconds):
    """At each of ``rate`` moments a second send what ``next_requests()`` gives: {name: request}.

    Returns {name: answers}.
    """
    futures = {}
    start = time.perf_counter()
    with ThreadPoolExecutor(128) as pool:
        for moment in itertools.count():
            due = start + moment / rate
            if due - start >= seconds:
                break
            time.sleep(max(0, due - time.perf_counter()))
            for name, request in next_requests().items():
                futures.setdefault(name, []).append(pool.submit(send, server, request, due))
    return {name: [future.result() for future in sent] for name, sent in futures.items()}


def percentile(answers, percent):
    """The milliseconds within which so many percent of the answers came."""
    return quantiles([answer.seconds * 1000 for answer in answers], n=100)[percent - 1]
