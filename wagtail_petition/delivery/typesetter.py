"""Typeset the PDFs of a delivery, each in a process of its own."""

import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from wagtail_petition.conf import settings

from . import font_coverage

TYPESETTERS = 2
HERE = Path(__file__).parent


class TypesettingError(Exception):
    """The typesetter failed. The message is its error."""


def typeset(
    folder: Path,
    jobs: Iterable[tuple[str, dict[str, Any], str]],
    *,
    timestamp: datetime,
    on_progress: Callable[[], object] = lambda: None,
) -> set[str]:
    """Typeset PDFs in ``folder``, each in its own process, two at a time.

    ``jobs`` are (template, data, output) tuples, with data from ``letter_data`` or
    ``volume_data``. Returns the set of clusters (see ``font_coverage``) that the typesetter
    refused and that were printed as codes. Raises ``TypesettingError``.
    """
    folder = Path(folder)
    for source in (HERE / "typst").glob("*.typ"):
        (folder / source.name).write_bytes(source.read_bytes())

    def run(job):
        template, data, output = job
        error, refused = _typeset(folder, template, data, output, timestamp), set()
        if "error: the text" in error:
            data, refused = font_coverage.repaired(data, settings.FONT_PATHS)
            error = _typeset(folder, template, data, output, timestamp)
        if error:
            raise TypesettingError(error)
        return refused

    # Reads as many jobs as run at a time, so that not all volumes are in memory at once.
    waiting, refused = deque(), set()
    with ThreadPoolExecutor(TYPESETTERS) as pool:
        for job in jobs:
            waiting.append(pool.submit(run, job))
            if len(waiting) == TYPESETTERS:
                refused |= waiting.popleft().result()
                on_progress()
        for late in waiting:
            refused |= late.result()
            on_progress()
    return refused


def _typeset(folder, template, data, output, timestamp):
    """Typeset one document. Returns the typesetter's error, or ""."""
    stem = folder / output
    stem.with_suffix(".data.json").write_text(json.dumps(data), encoding="utf-8")
    order = stem.with_suffix(".job.json")
    is_picture = output.endswith(".png")
    order.write_text(
        json.dumps(
            {
                "template": str(folder / template),
                "data": stem.with_suffix(".data.json").name,
                "root": str(folder),
                "output": str(stem),
                "format": "png" if is_picture else "pdf",
                "ppi": 96 if is_picture else None,
                "font_paths": [str(path) for path in settings.FONT_PATHS],
                "standard": [] if is_picture else ["ua-1"],
                "timestamp": int(timestamp.timestamp()),
            }
        ),
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(HERE / "typeset.py"), str(order)],
        capture_output=True,
        text=True,
        check=False,
    )
    return (done.stderr.strip()[-2000:] or str(done.returncode)) if done.returncode else ""
