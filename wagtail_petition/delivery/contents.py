"""What the manifest of a delivery says of its signatures and files."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils import translation

from wagtail_petition import __version__
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.pages.mixin import PetitionPageMixin

from . import constituencies, manifest, selection
from .collect import Collected


def describe(
    delivery: Delivery,
    page: PetitionPageMixin,
    folder: Path,
    found: Collected,
    files: Iterable[str],
) -> dict[str, Any]:
    """The manifest of ``delivery``. ``files`` are the names of its files in ``folder``."""
    entries = []
    for name in sorted(files):
        with (folder / name).open("rb") as file:
            size, digest = manifest.hash_file(file)
        entries.append({"name": name, "size": size, "sha256": digest})
    texts = (
        selection.deliverable(delivery)
        .order_by()
        .values_list("signed_text__language", "signed_text__sha256")
    )
    with translation.override(delivery.language):
        voters = constituencies.describe(delivery.filters)
    return {
        "format": manifest.FORMAT,
        "petition": {"key": str(delivery.petition.key), "title": page.title},
        "texts": [
            {"language": language, "sha256": digest}
            for language, digest in sorted(texts.distinct())
        ],
        "recipient": {"name": delivery.recipient, "office": delivery.office},
        "language": delivery.language,
        "numbers": {"first": delivery.first_number, "last": delivery.last_number},
        "only_new": delivery.only_new,
        # The manifest of the delivery that these files correct.
        **({"corrects": delivery.corrects.manifest_sha256} if delivery.corrects else {}),
        "filters": delivery.filters,
        # The names of the codes in the filters.
        **({"where_they_vote": voters} if voters else {}),
        "columns": delivery.columns,
        # The columns of the tables, in order.
        "table": found.table.names,
        "breakdowns": delivery.breakdowns,
        "order": delivery.order,
        "signatures": found.count,
        "content_sha256": found.sha256,
        "proof": found.proof.as_data(),
        "left_out": selection.left_out(delivery),
        # Signatures with codes instead of characters in the PDFs. The tables have the characters.
        "printed_as_codes": [
            {"number": number, "columns": names} for number, names in found.with_codes()
        ],
        "files": entries,
        "versions": {"wagtail_petition": __version__},
    }
