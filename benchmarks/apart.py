"""Run something in its own process, to measure its time and peak memory."""

import importlib
import json
import resource
import subprocess
import sys
import time

from .usage import peak_mb


def measure(function, **arguments):
    """Call ``function`` of a benchmark's module in a new process, with Django set up.

    Returns {"seconds", "peak_mb", "children_mb", "result"}: the time of the call alone, the peak
    of the process, and that of the largest process it started.
    """
    order = json.dumps([function.__module__, function.__name__, arguments])
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.apart", order],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def main(order):
    import django

    django.setup()
    module, name, arguments = json.loads(order)
    function = getattr(importlib.import_module(module), name)
    start = time.perf_counter()
    result = function(**arguments)
    seconds = time.perf_counter() - start
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    figures = {"seconds": seconds, "peak_mb": peak_mb(), "children_mb": children}
    print(json.dumps({**figures, "result": result}))


if __name__ == "__main__":
    main(sys.argv[1])
