"""The PDFs of a delivery: the cover letter and the volumes of signatures."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition import __version__
from wagtail_petition.clock import local_time
from wagtail_petition.extras import MissingExtra, has_extra
from wagtail_petition.formats import number
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.moments import written_date
from wagtail_petition.pages.mixin import PetitionPageMixin

from . import constituencies, richtext
from .breakdowns import Table

# Signatures per volume. More would need too much memory for a small server.
VOLUME = 5000
FONTS = ["Libertinus Serif"]


# Shown if the extra isn't installed.
NO_PDF = gettext_lazy(
    "PDF is not available. Ask your administrator to install wagtail-petition[pdf]."
)


def require_pdf() -> None:
    """Raise ``MissingExtra`` unless the extra "pdf" is installed."""
    if not has_extra("pdf"):
        raise MissingExtra(NO_PDF)


def common(delivery: Delivery, page: PetitionPageMixin, title: str) -> dict[str, Any]:
    """The data that every document of a delivery needs."""
    language, _dash, region = delivery.language.partition("-")
    return {
        "title": title,
        "author": page.get_organisation(),
        "lang": language,
        "region": region.upper() if len(region) == 2 else None,
        "rtl": translation.get_language_bidi(),
        "fonts": FONTS,
        "paper": delivery.paper,
        "petition": page.title,
    }


def placeholders(delivery: Delivery, page: PetitionPageMixin, count: int) -> dict[str, str]:
    """The placeholders of a cover letter in the active language: {name: text}."""
    return {
        "recipient": delivery.recipient,
        "title": page.title,
        "organisation": page.get_organisation(),
        "count": number(count),
        "date": written_date(local_time(delivery.created_at or timezone.now())),
        "first": number(delivery.first_number),
        "last": number(delivery.last_number),
        "voters": constituencies.describe_voters(delivery),
    }


def default_cover_letter(delivery: Delivery) -> str:
    """The default cover letter in the active language.

    It doesn't say that all signers confirmed by email if imported ones may be among them. If the
    delivery is for constituencies, it says how many vote there.
    """
    letter = _plain_cover_letter(delivery)
    if not constituencies.has_voters(delivery.filters):
        return letter
    *before, ask, organisation = letter.split("\n\n")
    return "\n\n".join([*before, _("The petition has {voters}."), ask, organisation])


def _plain_cover_letter(delivery):
    if not delivery.filters.get("confirmed_here") and delivery.petition.imports.exists():
        return _(
            "Dear {recipient},\n\n"
            "Please find enclosed {count} signatures supporting the petition “{title}”.\n\n"
            "We ask you to read the petition and to answer it.\n\n"
            "{organisation}"
        )
    return _(
        "Dear {recipient},\n\n"
        "Please find enclosed {count} signatures supporting the petition “{title}”. Each was "
        "confirmed by email, and each signer agreed to its delivery to you.\n\n"
        "We ask you to read the petition and to answer it.\n\n"
        "{organisation}"
    )


def fill_in(cover_letter: str, values: dict[str, str]) -> list[str]:
    """The paragraphs of a cover letter with its placeholders filled in, as a list.

    Unknown placeholders stay. An empty line ends a paragraph; line breaks in a paragraph stay.
    """
    for name, value in values.items():
        cover_letter = cover_letter.replace("{" + name + "}", value)
    # Browsers send two characters for a line break.
    lines = [line.strip() for line in cover_letter.strip().splitlines()]
    paragraphs = "\n".join(lines).split("\n\n")
    return [paragraph.strip() for paragraph in paragraphs if paragraph.strip()]


def letter_data(
    delivery: Delivery,
    page: PetitionPageMixin,
    *,
    count: int,
    breakdowns: Iterable[Table],
    manifest_sha256: str,
    logos: dict[str, str],
    root: str = "",
    address: str = "",
) -> dict[str, Any]:
    """The data of the cover letter.

    ``breakdowns`` are the tables of ``Breakdowns``, ``logos`` is {sponsor: file name}. ``root`` is
    that of the proof, ``address`` the URL of the page about it; "" leaves them out.
    """
    with translation.override(delivery.language):
        values = placeholders(delivery, page, count)
        figures = [
            (_("Signatures in this delivery"), number(count)),
            (_("Numbers"), f"{values['first']} – {values['last']}"),
            (_("All signatures so far"), number(page.petition.public_count)),
        ]
        if constituencies.count_voters(delivery) is not None:
            figures.append((_("Where they vote"), values["voters"]))
        return common(delivery, page, f"{page.title}: {delivery.recipient}") | {
            "sender": page.get_organisation(),
            "to": [{"name": delivery.recipient, "office": delivery.office}],
            "cc": [r["name"] for r in page.cc],
            "date": values["date"],
            "cover_letter": fill_in(
                delivery.cover_letter or default_cover_letter(delivery), values
            ),
            "figures": figures,
            "breakdowns": [
                {
                    "title": title,
                    "head": [*heads, _("Signatures")],
                    "rows": [(*map(str, labels), number(n)) for *labels, n in rows],
                }
                for title, heads, rows in breakdowns
            ],
            "sponsors": [{"name": name, "logo": logo} for name, logo in logos.items()],
            "letter": richtext.nodes(page.letter),
            "labels": {
                "figures": _("Contents"),
                "sponsors": _("Sponsors"),
                "letter": _("The petition"),
                "cc": _("CC"),
                "proof": _("Verification"),
            },
            "proof": _(
                "The file manifest.json lists every file of this delivery with its SHA-256. Its "
                "own SHA-256 is:"
            ),
            "foot": f"wagtail_petition {__version__}",
            "manifest_sha256": manifest_sha256,
            "about_root": _(
                "The file proof.txt lists a hash for each signature. The root of these hashes is:"
            ),
            "root": root,
            "about_address": _("How to verify the delivery, or the receipt of one signature:"),
            "address": address,
        }


def volume_data(
    delivery: Delivery,
    page: PetitionPageMixin,
    rows: list[list[str]],
    *,
    columns: list[tuple[str, float]],
    position: int,
    of: int,
    total: int,
    content_sha256: str,
    root: str = "",
    address: str = "",
) -> dict[str, Any]:
    """The data of a volume.

    ``rows`` are lists of texts, the number first. ``columns`` are (label, width) pairs. ``root``
    and ``address`` are those of the letter.
    """
    with translation.override(delivery.language):
        title = _("Signatures %(first)s to %(last)s") % {"first": rows[0][0], "last": rows[-1][0]}
        return common(delivery, page, title) | {
            "volume": _("Volume %(position)s of %(of)s")
            % {"position": number(position), "of": number(of)},
            "foot": f"{page.get_organisation()} · {content_sha256[:16]}",
            # The typesetter fills in the placeholders on each page.
            "page_label": _(
                "Page %(page)s of %(pages)s, signatures %(first)s–%(last)s of %(total)s"
            )
            % {
                "page": "{page}",
                "pages": "{pages}",
                "first": "{first}",
                "last": "{last}",
                "total": number(total),
            },
            "proof": [
                pair
                for pair in ((_("Root of the delivery"), root), (_("Verify"), address))
                if pair[1]
            ],
            "columns": [label for label, _width in columns],
            "widths": [width for _label, width in columns],
            "rows": rows,
        }
