"""A delivery as PDF: the cover letter and volumes of signatures in many scripts."""

from wagtail_petition.delivery import build
from wagtail_petition.models import Delivery

from . import content
from .apart import measure
from .fill import fill

ROWS = 100_000


def run(bench):
    """Fill, then make one delivery in a process of its own, as a worker does."""
    page = content.make_petition_page(content.make_site())
    fill(page, bench.rows)
    petition = page.petition
    petition.refresh_from_db()
    delivery = Delivery.objects.create(
        petition=petition,
        last_number=petition.last_number,
        recipient="Jane Doe",
        language=page.language,
        columns=["number", "given_name", "family_name", "city", "country", "confirmed_at"],
        formats=["pdf", "csv"],
    )
    made = measure(make)
    delivery.refresh_from_db()
    if delivery.error:
        raise RuntimeError(delivery.error)
    size = delivery.files.get(name__endswith=".zip").size
    bench.title(f"A delivery of {delivery.count:,} signatures")
    bench.table(
        ["", "seconds", "MB, worker", "MB, typesetter", "MB, ZIP"],
        [
            [
                "PDF, CSV and manifest",
                made["seconds"],
                round(made["peak_mb"]),
                round(made["children_mb"]),
                round(size / 2**20),
            ]
        ],
    )
    bench.claim("seconds", made["seconds"], "< 90")
    bench.claim("mb_in_any_process", max(made["peak_mb"], made["children_mb"]), "< 700")


def make():
    """Build the queued deliveries. Returns how many deliveries."""
    return build.build_queued()
