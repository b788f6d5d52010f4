"""Values of spreadsheet cells: text that can't become a formula, numbers, dates."""

import re
from datetime import date, datetime

# How many rows the writers of files take at once.
ROWS_AT_ONCE = 1000

BLANK = "\\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
# The start of a text that a spreadsheet reads as a formula. Some programs ignore leading white
# space and invisible characters, and accept full-width signs. Matches leading apostrophes too, so
# that no text looks like a guarded one.
FORMULA = re.compile(f"'*(?:[\t\r\n]|[{BLANK}]*[=+\\-@＝＋－＠])")
# Excel splits a line of CSV at the separator of its locale, whatever the file's separator is, and
# then ignores quotes except at the start of a line. So each part of a text may become a cell. A
# smiley like ";-)" isn't a formula.
PART = "(?<=[;,|\t\r\n])"
STARTS = f"(?=['\"{BLANK}]*(?:[=@＝＠]|[+\\-＋－](?!\\))))"
FORMULA_IN_PART = re.compile(PART + STARTS)
GUARDED_PART = re.compile(f"{PART}'{STARTS}")
# A text without any of these characters can't hold a formula.
SUSPECT = re.compile("[=+\\-@＝＋－＠\t\r\n]")
# Characters that XML and spreadsheets can't hold: control characters, lone surrogates.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Spreadsheets store smaller numbers exactly.
EXACT = 10**15


def clean(text):
    """``text`` with line breaks as ``\\n``, and "�" for characters that can't be written."""
    if text.isprintable():
        return text
    return UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def guard(text):
    """``text`` for CSV, with an apostrophe before each part that could be read as a formula.

    A part starts at the start of the text, or after a character that may separate cells.
    """
    # Fast path: true for nearly all texts.
    if not SUSPECT.search(text):
        return text
    text = FORMULA_IN_PART.sub("'", text)
    return f"'{text}" if FORMULA.match(text) else text


def unguard(text):
    """Undo ``guard``."""
    text = text[1:] if text.startswith("'") and FORMULA.match(text) else text
    return GUARDED_PART.sub("", text)


def cell(value, zone):
    """``value`` as a str, int, float, date, or datetime in ``zone`` (a tzinfo)."""
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone) if value.tzinfo else value
    if isinstance(value, date):
        return value
    # Infinity, NaN and booleans become text.
    if isinstance(value, (int, float)) and type(value) is not bool and abs(value) < EXACT:
        return value
    return clean(str(value))
