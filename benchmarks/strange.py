"""What is found in broken files, and the ways in which bytes break."""

import codecs
from datetime import date, datetime

HEADINGS = [
    *("first_name", "last_name", "email", "zip_code", "country", "can2_user_city", "uuid"),
    *("can2_subscription_status", "can2_subscription_date", "Name", "Nom", "Nome", "Cognome"),
    *("Timestamp", "Date", "signed_on", "sheet", "line", "Completion time", "Start time", "ID"),
    *("Email Address", "MEMBER_RATING", "OPTIN_TIME", "CONFIRM_TIME", "LEID", "EUID", "CLEAN_TIME"),
    *("nationbuilder_id", "tag_list", "email_opt_in", "created_at", "reason", "Status", "Signed"),
    *("First name", "Last name", "Email", "Confirmed", "Country code", "Origin", "Message"),
    *("given_name", "family_name", "confirmed_at", "answer_x", "answer_state", "Vote?", "", " "),
    *("الاسم الكامل", "Straße\n(ganz)", '"', "a" * 300, "=cmd()", "Email ", "EMAIL", "\ufeffemail"),
    *("wants_news", "show_name", "language", "source", "origin_ref", "Column 2", "None", "0"),
]
CELLS = [
    *("", " ", "Ada", "O'Neill", "Rossi, Maria", "李", "\u202eRTL", "a\u0301", "\ufeff", "\x00"),
    *("ada@example.org", "ADA@EXAMPLE.ORG", "mailto:a@b.org", "Ada <a@example.org>", "a@b", "@"),
    *("a@example.org, b@example.org", "a@exämple.org", "a@" + "b" * 250 + ".org", "a@[1.2.3.4]"),
    *("2026-02-31", "31/12/2025", "12/31/2025", "3/4/2026", "2026-10-04T09:12:44Z", "1.1.0001"),
    *("2026-10-04 25:61", "10000-01-01", "99999999999999999999", "1760000000", "1760000000000"),
    *("2026/05/22 1:16:17 PM GMT+2", "1/1/26 13:00 PM", "4 de março de 2026", "May 3, 2026 9:00"),
    *("2026-01-01 10:00 +99:99", "2026-01-01T10:00:00+25:00", "46000", "1e400", "-1", "nan", "inf"),
    *("IT", "Italy", "ITA", "XX", "USA", "yes", "no", "maybe", "subscribed", "unsubscribed", "Sì"),
    *("=1+1", "'=1+1", '=HYPERLINK("http://x")', "+39 06", "-", "@SUM(A1)", "a;b,c|d\te", '"', "'"),
    *("line\nbreak", "cr\rhere", "\r\n", "\u2028", "\ud800", "\udfff", "\U0001f600", "\x1b[0m"),
    *("x" * 101, "x" * 5000, "word " * 3000, "confirmed", "withdrawn", "Confirmed", "web", "paper"),
    *("%s %(x)s {0} %", "<script>", "${x}", "\\", "\\u0000", "NULL", "None", "true", "0", "1"),
    *("de_DE", "pt-br", "xx" * 20, "٣/٤/٢٠٢٦", "１２", "½", "²", "1" * 30, "1" * 5000),
]
# Values that only spreadsheets and JSON have.
VALUES = [
    *(None, True, False, 0, 1, -1, 1.5, 1e308, 46000, 46000.5, 36_000, 75_000, -1e15, 10**18),
    *(date(2026, 1, 1), datetime(2026, 1, 1, 12, 30), date(1900, 1, 1), datetime(9999, 12, 31)),
]
ENCODINGS = [
    *("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
    *("windows-1252", "mac-roman", "iso-8859-15", "shift-jis", "utf-7", "cp037"),
]
# Those that imports read.
READ_ENCODINGS = [*ENCODINGS[:7], *ENCODINGS[8:11]]
NUMBERS = ["1e999", "-0", "1" * 400, "NaN", "Infinity", "0x1", "01", "1.", ".5", "1E-400", "--1"]
TOKENS = [
    *("{", "}", "[", "]", ",", ":", '"', "null", "true", "\\", '"\\ud800"', '"\\u0000"', "\x00"),
    *NUMBERS,
]
XML_PIECES = [
    *("<", ">", "&", "&#0;", "&amp;", "]]>", "<!--", "<x/>", 't="s"', "<v>999999</v>", "<v></v>"),
    *('r="ZZZZ99"', 'r="A0"', 'r="1"', '<c t="b"><v>x</v></c>', '<c t="d"><v>soon</v></c>'),
    *('<c t="s"><v>-1</v></c>', '<c t="n"><v>x</v></c>', '<c t="e"><v>#REF!</v></c>', 'r="-1"'),
    *('table:number-columns-repeated="99999999"', 'table:number-rows-repeated="x"', 'text:c="x"'),
    *('office:value-type="date" office:date-value="soon"', 'office:value="1e999"', "<text:s/>"),
    *('office:value-type="float" office:value="nan"', "<text:p>", "</text:p>", "\ud7ff", '"'),
    *('<c s="99"><v>1e308</v></c>', '<c s="1"><v>-1</v></c>', '<c s="2"><v>1e9</v></c>'),
]
PIECES = [
    *(b"\0", b"\0" * 500, b"\xff\xfe", codecs.BOM_UTF8, b'"', b'""', b"\xc3", b"\xed\xa0\x80"),
    *(b"\r", b"\x1a", b"PK\x03\x04", b"\n\n\n", b",,,,", b"\t", b"<x>", b"\x80\x81", b"{", b"["),
]


def flip(rng, content):
    """Some bytes are others."""
    made = bytearray(content)
    for _time in range(rng.choice((1, 1, 3, 20))):
        if made:
            made[rng.randrange(len(made))] = rng.randrange(256)
    return bytes(made)


def cut(rng, content):
    """The file ends too early."""
    return content[: rng.randrange(len(content) + 1)]


def beheaded(rng, content):
    """The start is missing."""
    return content[rng.randrange(min(len(content), 40) + 1) :]


def repeated(rng, content):
    """A piece is there again, somewhere else."""
    start = rng.randrange(len(content) + 1)
    piece = content[start : start + rng.choice((1, 10, 200))]
    at = rng.randrange(len(content) + 1)
    return content[:at] + piece * rng.choice((1, 2, 50)) + content[at:]


def filled(rng, content):
    """Bytes of another kind are in between."""
    piece = rng.choice(PIECES)
    at = rng.choice((0, rng.randrange(len(content) + 1), len(content)))
    return content[:at] + piece + content[at:]


def swapped(rng, content):
    """The bytes of each pair are the other way round, or the text is in another encoding."""
    if rng.random() < 0.5:
        even = content[: len(content) // 2 * 2]
        return b"".join(even[i + 1 : i + 2] + even[i : i + 1] for i in range(0, len(even), 2))
    return content.decode("latin-1").encode(rng.choice(("utf-8", "utf-16", "utf-16-be")))


def joined(rng, content):
    """Two files in one."""
    return content + rng.choice((b"", b"\n")) + content


DAMAGES = [flip, flip, cut, beheaded, repeated, filled, filled, swapped, joined]
