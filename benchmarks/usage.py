"""Resource use of processes as Linux counts it, which a busy machine hardly distorts."""

import os
import re
from pathlib import Path


def cpu_seconds(pids):
    """The processor time that these processes have used."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # It has ended meanwhile.
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def family(pid):
    """A process and all that it started."""
    return [pid, *(found for child in children(pid) for found in family(child))]


def children(pid):
    """The processes that the main thread of a process started and that are alive."""
    try:
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return []


def peak_mb(pid="self"):
    """The most memory a process had. Not ``ru_maxrss``, which begins with the parent's."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
