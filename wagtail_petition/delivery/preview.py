"""Preview a delivery before it is built: an image of a page, and the estimated size."""

from typing import Any, NamedTuple

from django.utils import timezone, translation

from wagtail_petition.conf import settings
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.pages.mixin import PetitionPageMixin
from wagtail_petition.storage import work_folder

from . import font_coverage, pdf, selection, typesetter
from .columns import DeliveryTable

ROWS = 25
# How many signatures are checked for unprintable characters and used to estimate the size.
LOOKED_AT = 2000
# How many unusual clusters are checked. Limited, because the user waits.
ASKED = 300
# Compressed bytes per signature in each format, without its text.
PDF_ROW = 850


class Sample(NamedTuple):
    """The preview of a delivery.

    ``picture`` is a PNG, or b"" without PDF. ``size`` is an estimate in bytes. ``unprintable``
    is a text with the clusters that can't be printed.
    """

    picture: bytes
    header: list[str]
    rows: list[list[Any]]
    size: int
    unprintable: str


def make(delivery: Delivery, page: PetitionPageMixin, total: int) -> Sample:
    """The ``Sample`` of an unsaved delivery of ``total`` signatures."""
    with translation.override(delivery.language):
        table = DeliveryTable(delivery)
        numbers = selection.first_numbers(delivery, LOOKED_AT)
        signatures = selection.deliverable(delivery).filter(number__in=numbers)
        rows = list(table.rows(signatures)) if numbers else []
        printed = [table.printed(row) for row in rows]
        wants_pdf = "pdf" in delivery.formats
        texts = ["".join(map(str, row)) for row in rows]
        missing = set()
        if wants_pdf:
            unusual = sorted(set().union(*map(font_coverage.odd_clusters, texts)))[:ASKED]
            missing = font_coverage.unprintable(unusual, settings.FONT_PATHS)
            printed = [[font_coverage.with_codes(t, missing) for t in row] for row in printed]
        picture = (
            _picture(delivery, page, table, printed[:ROWS], total) if wants_pdf and rows else b""
        )
        a_row = sum(map(len, texts)) / len(texts) if texts else 0
        size = total * (a_row * len(delivery.formats) + (PDF_ROW if wants_pdf else 0))
        return Sample(picture, table.header, rows[:5], round(size), " ".join(sorted(missing)))


def _picture(delivery, page, table, printed, total):
    data = pdf.volume_data(
        delivery,
        page,
        printed,
        columns=table.printed_columns,
        position=1,
        of=max(-(-total // pdf.VOLUME), 1),
        total=total,
        content_sha256="",
    )
    with work_folder("sample") as folder:
        jobs = [("volume.typ", data, "sample-{p}.png")]
        typesetter.typeset(folder, jobs, timestamp=timezone.now())
        return (folder / "sample-1.png").read_bytes()
