"""The spreadsheet to type paper sheets into. Filled in, it is imported without choosing columns."""

from datetime import date
from typing import BinaryIO

import xlsxwriter
from django.utils.translation import get_language, get_language_bidi, override
from django.utils.translation import gettext as _

from wagtail_petition.countries import countries
from wagtail_petition.identity.sheet_numbers import MOST
from wagtail_petition.models.petition import Petition

from .dates import LANGUAGES
from .platforms import PAPER_HEADINGS

# Rows with drop-downs, and how wide the columns are.
ROWS, WIDTH = 2000, 16
# A sheet asks for no public name.
NEVER = {"show_name"}


def template_headings(petition: Petition) -> list[str]:
    """The headings: those of the preset whose fields the petition's sheets ask for."""
    asked = {
        "family_name": True,
        "city": petition.ask_city != "no",
        "region": petition.ask_region != "no",
        "postcode": petition.ask_postcode != "no",
        "wants_news": petition.ask_news,
    }
    return [
        heading
        for heading, meaning in PAPER_HEADINGS.items()
        if meaning not in NEVER and asked.get(meaning, True)
    ]


def write_template(file: BinaryIO, petition: Petition) -> None:
    """Write the empty spreadsheet to ``file``, in the active language if imports can read it."""
    language = (get_language() or "").partition("-")[0]
    with override(language if language in LANGUAGES else "en"):
        _write(file, template_headings(petition))


def _write(file: BinaryIO, headings: list[str]) -> None:
    names = [str(name) for _code, name in countries]
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Paper")
        # Excel allows 255 characters of choices in a cell, so the countries have a sheet.
        lists = book.add_worksheet("Lists")
        lists.write_column(0, 0, names)
        lists.hide()
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        if get_language_bidi():
            sheet.right_to_left()
        rules = {
            "sheet": {
                "validate": "length",
                "criteria": "<=",
                "value": MOST,
                "input_title": _("Number of the sheet"),
                "input_message": _("It’s below the QR code."),
            },
            "line": {"validate": "integer", "criteria": ">=", "value": 1},
            "signed_on": {
                "validate": "date",
                "criteria": ">=",
                "value": date(1900, 3, 1),
                "input_title": _("Date"),
                "input_message": _("Write it like 2026-10-04."),
            },
            "country": {"validate": "list", "source": f"=Lists!$A$1:$A${len(names)}"},
            "wants_news": {"validate": "list", "source": [_("Yes"), _("No")]},
        }
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
            # As text, postcodes keep their zeros.
            sheet.set_column(
                column, column, WIDTH, {"signed_on": day, "line": None}.get(heading, text)
            )
            if rule := rules.get(heading):
                sheet.data_validation(1, column, ROWS, column, rule)
