"""Exports of twelve columns: compared with django-import-export and with csv.writer.

Each export runs in a process of its own, in rounds that alternate: medians of the time, the peak
of the memory. The peer is ``ModelResource.export()`` with the same columns, as its documentation
shows it, and import-export's own formats; the limit is csv.writer over values_list.
"""

import csv
import os
from statistics import median

from import_export import fields, resources
from import_export.formats import base_formats

from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.exports.writers import FORMATS, write_file
from wagtail_petition.models import Petition, Signature

from . import content
from .apart import measure
from .fill import fill

ROWS = 300_000
# Ten times as many, to see that the memory stays where it is.
TIMES_MORE = 10
ROUNDS = 3
COLUMNS = (
    *("number", "given_name", "family_name", "email", "country_code", "country", "city"),
    *("show_name", "language", "source", "signed_at", "confirmed_at"),
)
SOURCES = (
    *("number", "given_name", "family_name", "email", "country", "country", "city"),
    *("show_name", "language", "source", "signed_at", "confirmed_at"),
)
LIMIT_MB = 40


def run(bench):
    """Fill, measure each export, then ours once more with ten times the rows."""
    page = content.make_petition_page(content.make_site())
    seconds = fill(page, bench.rows)
    bench.title(f"{bench.rows:,} signatures, filled in {seconds:.0f} s; {len(COLUMNS)} columns")
    exports = {
        "bare process": bare,
        "csv.writer over values_list": limit,
        "CSV": our_csv,
        "CSV, import-export": peer_csv,
        "XLSX": our_xlsx,
        "XLSX, import-export": peer_xlsx,
        "ODS": our_ods,
    }
    made = {name: [] for name in exports}
    for _round in range(ROUNDS):
        for name, function in exports.items():
            path = str(bench.folder / f"export-{function.__name__}")
            made[name].append(measure(function, path=path))
            if os.path.exists(path):
                os.unlink(path)
    seconds = {name: median(run["seconds"] for run in runs) for name, runs in made.items()}
    peaks = {name: median(run["peak_mb"] for run in runs) for name, runs in made.items()}
    rows = {name: runs[0]["result"] for name, runs in made.items()}
    bench.table(
        [f"Medians of {ROUNDS}", "rows", "seconds", "peak MB"],
        [[name, rows[name], seconds[name], round(peaks[name])] for name in exports],
    )
    bench.claim(
        "csv_times_faster_than_import_export",
        seconds["CSV, import-export"] / seconds["CSV"],
        ">= 5",
    )
    bench.claim(
        "csv_times_the_limit", seconds["CSV"] / seconds["csv.writer over values_list"], "<= 2"
    )
    bench.claim(
        "xlsx_times_faster_than_import_export",
        seconds["XLSX, import-export"] / seconds["XLSX"],
        ">= 3",
    )
    for name in ("CSV", "XLSX", "ODS"):
        above = peaks[name] - peaks["bare process"]
        bench.claim(f"{name.lower()}_mb_above_the_bare_process", above, f"<= {LIMIT_MB}")

    many = bench.rows * TIMES_MORE
    seconds = fill(page, many)
    bench.title(f"{many:,} signatures, filled in {seconds:.0f} s")
    table = []
    # An ODS file has no room for so many.
    ours = {"CSV": our_csv, "XLSX": our_xlsx, "JSON lines": our_jsonl}
    for name, function in ours.items():
        run = measure(function, path=str(bench.folder / "export"))
        table.append([name, run["result"], run["seconds"], round(run["peak_mb"])])
        above = run["peak_mb"] - peaks["bare process"]
        claim = name.lower().replace(" ", "_")
        bench.claim(f"{claim}_mb_at_{TIMES_MORE}_times_the_rows", above, f"<= {LIMIT_MB}")
    bench.table(["Once", "rows", "seconds", "peak MB"], table)


class PeerResource(resources.ModelResource):
    """The same columns, as the documentation of django-import-export shows them."""

    country_name = fields.Field(attribute="country__name", column_name="Country")

    class Meta:
        model = Signature
        fields = ("country_name", *dict.fromkeys(SOURCES))


def _signatures():
    return Signature.objects.filter(status=Signature.Status.CONFIRMED).order_by("number")


def _resource():
    return get_signature_resource(petitions=Petition.objects.all(), columns=COLUMNS)


def bare(path):
    """The process with all modules loaded and one query."""
    _resource()
    return int(_signatures().exists())


def limit(path):
    """About the fastest possible export."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        count = 0
        for row in _signatures().values_list(*SOURCES).iterator(chunk_size=2000):
            writer.writerow(row)
            count += 1
    return count


def our_csv(path):
    return _ours("csv", path)


def our_xlsx(path):
    return _ours("xlsx", path)


def our_ods(path):
    return _ours("ods", path)


def our_jsonl(path):
    return _ours("jsonl", path)


def _ours(kind, path):
    resource = _resource()
    header, options = resource.get_frame(FORMATS[kind])
    return write_file(path, kind, header, resource.get_rows(_signatures()), **options).rows


def peer_csv(path):
    return _peer(base_formats.CSV(), path)


def peer_xlsx(path):
    return _peer(base_formats.XLSX(), path)


def _peer(kind, path):
    dataset = PeerResource().export(_signatures())
    data = kind.export_data(dataset)
    with open(path, "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)
    return len(dataset)
