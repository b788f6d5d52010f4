"""Helpers for several tests."""

import multiprocessing
import os
import re
import threading
from contextlib import closing

from django.db import connection, connections


def path_in(mail, step):
    """The path of the link in ``mail`` to one of ours: confirm, signature, unsubscribe."""
    return re.search(rf"https?://[^/]+(/petitions/{step}/\S+)", mail.body)[1]


def token_in(mail, step):
    """The token in that link."""
    return path_in(mail, step).split("/")[-2]


def errors_of(response):
    """The form's errors: {field: messages}. What concerns no field is under ``__all__``."""
    return dict(response.context["form"].errors)


def killed_after(seconds, work):
    """Call ``work()`` in a process of its own, ended by kill -9 if it is still at it by then."""
    connections.close_all()
    child = multiprocessing.get_context("fork").Process(target=_alone, args=[work])
    child.start()
    child.join(seconds)
    child.kill()
    child.join()


def _alone(work):
    # Neither our connections nor our terminal's signals are its own.
    connections.close_all()
    os.setsid()
    work()


def at_once(number, function):
    """Call ``function(0)`` to ``function(number - 1)`` in as many threads, started together.

    Returns what they returned or raised, in order. Each has connections of its own.
    """
    results = [None] * number
    start = threading.Barrier(number)

    def run(position):
        start.wait()
        try:
            results[position] = function(position)
        except Exception as error:
            results[position] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def dump():
    """The complete database as one text."""
    lines = []
    with closing(connection.cursor()) as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            lines += [f"{table}: {row!r}" for row in cursor.fetchall()]
    return "\n".join(lines)
