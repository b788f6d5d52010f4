"""JSON lines: one object per line, for programs."""

import json
from datetime import date, datetime

from django.utils import timezone

from .cells import cell


def write_jsonl(file, names, rows):
    """Write the table as JSON lines in UTF-8 to a binary file.

    The keys are the columns' names, not their labels: "given_name" and "answer_<question id>"
    stay what they are when a label is reworded, translated, or the same for two questions, so a
    program that reads the file goes on working. The values are those of the other formats, in
    the export's language; a value with a code of its own has it in a column besides, as
    "country_code". Numbers are numbers; dates and times are ISO 8601, times with their offset.
    """
    zone = timezone.get_current_timezone()
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for row in rows:
        values = (_value(value, zone) for value in row)
        file.write(f"{dump(dict(zip(names, values, strict=True)))}\n".encode())


def _value(value, zone):
    if value is None or isinstance(value, bool):
        return value
    value = cell(value, zone)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
