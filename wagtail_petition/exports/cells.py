"""What a cell of a spreadsheet may hold: text that stays text, true numbers, true dates."""

import re
from datetime import date, datetime

BLANK = "\\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff"
# A spreadsheet takes a cell for a formula if it starts with one of these, and some look past
# white space and invisible characters, or read the full-width forms like the plain ones.
# Apostrophes come first, so that no text can pass for a guarded one.
FORMULA = re.compile(f"'*(?:[\t\r\n]|[{BLANK}]*[=+\\-@＝＋－＠])")
# Excel splits a line of CSV at the separator of its country, whatever the file's own is, and then
# heeds no quotes but those at the start of a line: each part of a text may become a cell. A smiley
# like ";-)" is no formula.
PART = "(?<=[;,|\t\r\n])"
STARTS = f"(?=['\"{BLANK}]*(?:[=@＝＠]|[+\\-＋－](?!\\))))"
FORMULA_IN_PART = re.compile(PART + STARTS)
GUARDED_PART = re.compile(f"{PART}'{STARTS}")
# Without one of these there is neither.
SUSPECT = re.compile("[=+\\-@＝＋－＠\t\r\n]")
# What XML and spreadsheets have no place for: control characters, halves of surrogate pairs.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Beyond this a spreadsheet's numbers lose digits.
EXACT = 10**15


def clean(text):
    """``text`` with line breaks as ``\\n``, and "�" for what can't be written."""
    if text.isprintable():
        return text
    return UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def guard(text):
    """``text`` for CSV: an apostrophe before each part that a spreadsheet could take for a formula.

    A part is what stands at the start, or after a character at which a line of CSV may be split.
    """
    # Nearly all text ends here.
    if not SUSPECT.search(text):
        return text
    text = FORMULA_IN_PART.sub("'", text)
    return f"'{text}" if FORMULA.match(text) else text


def unguard(text):
    """The text that ``guard`` was given."""
    text = text[1:] if text.startswith("'") and FORMULA.match(text) else text
    return GUARDED_PART.sub("", text)


def cell(value, zone):
    """``value`` as text, a number, a date, or a date and time in ``zone`` (a tzinfo)."""
    if isinstance(value, str):
        return clean(value)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone) if value.tzinfo else value
    if isinstance(value, date):
        return value
    # Not what is neither: infinity, not a number, a truth.
    if isinstance(value, (int, float)) and type(value) is not bool and abs(value) < EXACT:
        return value
    return clean(str(value))
