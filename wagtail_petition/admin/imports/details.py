"""Describe an import: its file, how it was read, and the meanings of its columns."""

from datetime import datetime, timedelta

from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from wagtail_petition.conf import settings
from wagtail_petition.countries import countries
from wagtail_petition.formats import language_name, listed
from wagtail_petition.imports import mapping as mappings
from wagtail_petition.imports import presets
from wagtail_petition.imports.mapping import Options
from wagtail_petition.imports.reading import ENCODINGS
from wagtail_petition.models import ImportBatch, Signature, SignedText
from wagtail_petition.moments import written_date

from .forms import DELIMITER_LABELS, KINDS, ORDERS


def describe(batch: ImportBatch) -> list[tuple[str, str]]:
    """(label, value) pairs about an import. Empty values are left out."""
    options = Options(**batch.options)
    layout = batch.layout
    preset = presets.get_preset(batch.preset)
    has_people = batch.mode != ImportBatch.Mode.NO_EMAILS
    day = parse_date(options.default_date) if options.default_date else None
    pairs = [
        (_("Petition"), str(batch.petition)),
        (_("Added by"), str(batch.user or "")),
        (_("Place"), batch.place),
        (_("Size"), filesizeformat(batch.size) if batch.size else ""),
        (_("Where the file is from"), str(preset.label) if preset else ""),
        (_("Origin"), batch.get_origin_display() if has_people else ""),
        (
            _("Kind of file"),
            listed(
                filter(
                    None,
                    [
                        KINDS.get(layout.get("kind", "")),
                        ENCODINGS.get(layout.get("encoding", "")),
                        DELIMITER_LABELS.get(layout.get("delimiter", "")),
                        layout.get("sheet"),
                    ],
                )
            ),
        ),
        (_("Order of dates"), str(ORDERS.get(options.date_order, "")) if has_people else ""),
        (_("Confirmation"), batch.get_mode_display()),
        (
            _("Signed text"),
            "\n".join(f"{t.title} ({language_name(t.language)})" for t in _texts(batch)),
        ),
        (_("Where these people agreed"), batch.consent),
        (_("Date of rows without one"), written_date(day) if day else ""),
        (
            _("Country of people who gave none"),
            countries.name(options.default_country) if options.default_country else "",
        ),
        (
            _("Language of people who gave none"),
            language_name(options.default_language)
            if options.default_language and has_people
            else "",
        ),
    ]
    return [(label, value) for label, value in pairs if value]


def _texts(batch: ImportBatch) -> list[SignedText]:
    """The texts that these people signed. Paper sheets may have had several."""
    if "sheet" in batch.mapping.values() and batch.count:
        used = Signature.objects.filter(batch=batch).order_by().values("signed_text")
        if texts := list(SignedText.objects.filter(pk__in=used.distinct()).order_by("pk")):
            return texts
    return [batch.signed_text] if batch.signed_text else []


def mapping_rows(batch: ImportBatch) -> list[tuple[str, str]]:
    """(heading, label of its meaning or "" if it is left out) for each column."""
    questions = mappings.question_labels(batch.petition)
    is_list = batch.mode == ImportBatch.Mode.NO_EMAILS
    return [
        # Of people who want no emails, only the addresses are used.
        (
            heading,
            mappings.describe_meaning(meaning, questions)
            if meaning and (meaning == "email" or not is_list)
            else "",
        )
        for heading, meaning in batch.mapping.items()
    ]


def expires_at(batch: ImportBatch) -> datetime | None:
    """When the file is deleted; None if it has none any more."""
    return batch.created_at + timedelta(days=settings.EXPORT_DAYS) if batch.path else None
