"""Script that typesets one PDF. It runs in its own process, which frees the memory at its end.

``python typeset.py JOB``: JOB is a JSON file with template, data, root, output, font_paths,
standard and timestamp. It doesn't import Django, which would take a second and 100 MB per volume.
"""

import json
import sys
from pathlib import Path


def main(job_path):
    import typst  # Needs the extra "pdf".

    job = json.loads(Path(job_path).read_text(encoding="utf-8"))
    typst.compile(
        job["template"],
        output=job["output"],
        root=job["root"],
        font_paths=job["font_paths"],
        format=job.get("format", "pdf"),
        ppi=job.get("ppi"),
        sys_inputs={"data": job["data"]},
        pdf_standards=job["standard"],
        timestamp=job["timestamp"],
    )


if __name__ == "__main__":
    main(sys.argv[1])
