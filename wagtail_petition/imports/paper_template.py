"""The spreadsheet to type paper sheets into. Filled in, it is imported without choosing columns."""

from collections.abc import Iterable
from datetime import date
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import get_language, get_language_bidi, override
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from wagtail_petition.countries import countries
from wagtail_petition.home.answers import PARTS, get_asked_parts
from wagtail_petition.home.describe import get_part_labels
from wagtail_petition.identity.sheet_numbers import MOST
from wagtail_petition.models.petition import Petition

from .dates import LANGUAGES
from .home_ties import get_choices, get_short_codes
from .platforms import PAPER_HEADINGS

# Rows with drop-downs, and how wide the columns are.
ROWS, WIDTH = 2000, 16
# A sheet asks for no public name.
NEVER = {"show_name"}


# The most characters of a note beside a cell, and of its title.
MOST_NOTE, MOST_TITLE = 255, 32


def template_headings(petition: Petition) -> list[str]:
    """The headings: those of the preset whose fields the petition's sheets ask for."""
    home = get_asked_parts(petition)
    asked = {
        "family_name": True,
        "city": petition.ask_city != "no",
        "region": petition.ask_region != "no",
        "postcode": petition.ask_postcode != "no",
        **{name: name in home for name in PARTS},
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
        _write(file, petition)


class _Lists:
    """A hidden sheet with the choices of drop-downs: Excel allows 255 characters in a cell."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.sheet = book.add_worksheet("Lists")
        self.sheet.hide()
        self.used = 0

    def add(self, choices: Iterable[str], **rule: Any) -> dict[str, Any]:
        """The validation of a cell with these choices. Without choices, any text is valid."""
        values = [str(choice) for choice in choices]
        if not values:
            return {"validate": "any", **rule}
        self.sheet.write_column(0, self.used, values)
        column = xl_col_to_name(self.used, col_abs=True)
        self.used += 1
        return {"validate": "list", "source": f"=Lists!{column}$1:{column}${len(values)}", **rule}


def _write(file: BinaryIO, petition: Petition) -> None:
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Paper")
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.freeze_panes(1, 0)
        if get_language_bidi():
            sheet.right_to_left()
        rules = _rules(petition, _Lists(book))
        for column, heading in enumerate(template_headings(petition)):
            sheet.write_string(0, column, heading, bold)
            # Text cells keep the leading zeros of postcodes.
            sheet.set_column(
                column, column, WIDTH, {"signed_on": day, "line": None}.get(heading, text)
            )
            if rule := rules.get(heading):
                sheet.data_validation(1, column, ROWS, column, rule)


def _rules(petition: Petition, lists: _Lists) -> dict[str, dict[str, Any]]:
    """What cells may hold: {heading: options of ``data_validation``}."""
    return {
        "sheet": {
            "validate": "length",
            "criteria": "<=",
            "value": MOST,
            **_note(_("Number of the sheet"), _("It’s below the QR code.")),
        },
        "line": {"validate": "integer", "criteria": ">=", "value": 1},
        "signed_on": {
            "validate": "date",
            "criteria": ">=",
            "value": date(1900, 3, 1),
            **_note(_("Date"), _("Write it like 2026-10-04.")),
        },
        "country": lists.add(name for _code, name in countries),
        **_home_rules(petition, lists),
        "wants_news": {"validate": "list", "source": [_("Yes"), _("No")]},
    }


def _home_rules(petition: Petition, lists: _Lists) -> dict[str, dict[str, Any]]:
    choices = get_choices(petition)
    if "home_region" in choices:
        choices["home_region"] += get_short_codes(petition)
    notes = {
        "home_tie": _("Choose it, or write the letter from the sheet."),
        "home_region": _("Choose its name or its code."),
        # Beside its region, the number is enough.
        "home_district": _("Choose it, or write its number."),
    }
    rules = {}
    for part, label in get_part_labels(petition).items():
        note = _note(label, notes[part] if choices[part] else "")
        is_open = part in ("home_tie", "home_district")
        rules[part] = lists.add(choices[part], show_error=not is_open, **note)
    return rules


def _note(title: str, message: str) -> dict[str, str]:
    note = {"input_title": title[:MOST_TITLE], "input_message": message[:MOST_NOTE]}
    return {name: value for name, value in note.items() if value}
