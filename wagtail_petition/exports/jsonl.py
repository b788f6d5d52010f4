"""JSON lines: one object per line, for programs."""

import json
from datetime import date, datetime

from django.utils import timezone

from .cells import cell


def write_jsonl(file, names, rows):
    """Write the table as JSON lines in UTF-8 to a binary file.

    The keys are the names of columns, like "given_name" and "answer_<question id>". Unlike
    labels, they don't change with wording or language, and are unique. The values are those of
    the other formats, in the export's language; codes are in columns like "country_code". Numbers
    are JSON numbers. Dates and times are ISO 8601, times with their UTC offset.
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
