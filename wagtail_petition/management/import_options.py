"""What the options of ``import_signatures`` mean. Others are refused with ``CommandError``."""

from datetime import UTC
from typing import Any, BinaryIO

from django.conf import settings as django_settings
from django.core.management.base import CommandError

from wagtail_petition.clock import local_date
from wagtail_petition.imports import presets
from wagtail_petition.imports.dates import read_moment
from wagtail_petition.imports.mapping import ANSWER, MEANINGS, Mapping, Options
from wagtail_petition.imports.reading import DELIMITERS, ENCODINGS, Layout
from wagtail_petition.imports.reading.files import complete

# Other names for encodings.
ALIASES = {"utf8": "utf-8", "utf16": "utf-16", "cp1252": "windows-1252", "macroman": "mac-roman"}
DATE_ORDERS = {
    **{"dmy": "dmy", "mdy": "mdy", "ymd": "ymd"},
    **{"day": "dmy", "month": "mdy", "year": "ymd"},
    **{"day-first": "dmy", "month-first": "mdy", "year-first": "ymd"},
}


def get_layout(file: BinaryIO, options: dict[str, Any]) -> Layout:
    """The ``Layout`` from the options."""
    encoding = (options["encoding"] or "").lower().replace("_", "-")
    encoding = ALIASES.get(encoding, encoding)
    if encoding and encoding not in ENCODINGS:
        raise CommandError(f"Encodings are: {', '.join(ENCODINGS)}")
    delimiter = {"tab": "\t", "\\t": "\t"}.get(options["delimiter"], options["delimiter"]) or ""
    if delimiter and delimiter not in DELIMITERS:
        raise CommandError("Delimiters are: , ; | and tab.")
    guessed = complete(file)
    return Layout(
        guessed.kind,
        encoding or (guessed.encoding if not delimiter else ""),
        delimiter,
        options["sheet"],
    )


def get_preset_name(name: str | None) -> str | None:
    """The name of the preset to use; None to find it from the file, "" for no preset."""
    if name is None:
        return None
    name = name.lower().replace("-", "_")
    if name == "none":
        return ""
    if name not in presets.get_presets():
        raise CommandError(f"Presets are: none, {', '.join(presets.get_presets())}")
    return name


def apply_map(mapping: Mapping, pairs: list[str]) -> None:
    """Apply the option ``--map`` to the mapping."""
    for pair in pairs:
        heading, sign, meaning = pair.rpartition("=")
        if not sign or heading not in mapping.columns:
            raise CommandError(
                f"There is no column “{heading or pair}”. There are: {', '.join(mapping.columns)}"
            )
        if meaning and not (meaning in MEANINGS or meaning.startswith(ANSWER)):
            raise CommandError(f"Columns can mean: {', '.join(MEANINGS)}")
        mapping.columns[heading] = meaning


def get_options(options: dict[str, Any], mapping: Mapping) -> Options:
    """The ``Options`` for the whole file."""
    has_dates = {"signed_at", "confirmed_at"} & {*mapping.columns.values()}
    if options["date"]:
        try:
            read_moment(options["date"], DATE_ORDERS.get(options["date_order"], ""), UTC)
        except ValueError as error:
            raise CommandError(
                f"{options['date']} is no date. Write it like 2026-10-04."
            ) from error
    return Options(
        date_order=DATE_ORDERS.get(options["date_order"], ""),
        time_zone=options["time_zone"] or django_settings.TIME_ZONE,
        # Without a column of dates, today is the latest possible date.
        default_date=options["date"] or ("" if has_dates else local_date().isoformat()),
        default_country=options["country"].upper(),
        default_language=options["language"],
    )
