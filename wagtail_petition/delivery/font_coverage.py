"""What no font can print: found before a PDF is made, and printed as its code instead.

A PDF that everybody can read (PDF/UA-1) may hold no text without a glyph, so one odd letter
would stop it. The typesetter itself is asked, since it alone knows: it takes one font for each
cluster (a letter with its marks, an emoji of several parts) and chooses it by the first letter.
"""

import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

from wagtail_petition.storage import work_folder

HERE = Path(__file__).parent
# What typst's own font has: the Latin, Greek and Cyrillic letters of today, digits, signs.
PLAIN = (
    "\n\x20-\x7e\xa0-\xac\xae-\u017f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce"
    "\u0400-\u045f\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
)
ODD = re.compile(f"[^{PLAIN}]")
ZWJ = "\u200d"
# What PDF/UA-1 refuses as text whatever the font: it means that there is none.
FORBIDDEN = {"\x00", "\ufeff", "\ufffe"}
# These belong to the letter before them: marks, joiners and other format characters.
ATTACHED = {"Mn", "Mc", "Me", "Cf"}
KANA_MARKS = "\uff9e\uff9f"


def clusters(text):
    """``text`` in pieces, each of which gets one font: a letter with all that belongs to it."""
    pieces = []
    for char in text:
        if pieces and _is_attached(char, pieces[-1]):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _is_attached(char, before):
    if unicodedata.category(char) in ATTACHED or char in KANA_MARKS or _is_skin_tone(char):
        return True
    # The second half of a flag, and the next part of an emoji made of several.
    return before[-1] == ZWJ or (_is_flag(char) and len(before) == 1 and _is_flag(before))


def _is_skin_tone(char):
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def _is_flag(char):
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def odd_clusters(text):
    """Those clusters of ``text`` that are not sure to be printable, as a set."""
    if not ODD.search(text):
        return set()
    return {cluster for cluster in clusters(text) if ODD.search(cluster)}


def unprintable(texts, font_paths, *, system_fonts=True):
    """Those of ``texts`` (a set: clusters, or whole texts) that can't be printed, as a set.

    ``font_paths`` are folders with fonts, besides the system's.
    """
    texts = sorted(texts)
    if not texts:
        return set()
    broken = {text for text in texts if any(map(_is_forbidden, text))}
    asked = [text for text in texts if text not in broken]
    return broken | set(_refused(asked, [*map(str, font_paths)], system_fonts))


def _is_forbidden(char):
    # Half of a pair is no character.
    return char in FORBIDDEN or unicodedata.category(char) == "Cs"


def _refused(texts, font_paths, system_fonts):
    """Those of ``texts`` that the typesetter refuses, as a list."""
    if not texts:
        return []
    with work_folder("glyphs") as folder:
        order, answer = folder / "order.json", folder / "answer.json"
        template = folder / "glyphs.typ"
        template.write_bytes((HERE / "typst" / "glyphs.typ").read_bytes())
        job = {
            "template": str(template),
            "texts": texts,
            "font_paths": font_paths,
            "system_fonts": system_fonts,
            "answer": str(answer),
        }
        order.write_text(json.dumps(job), encoding="utf-8")
        command = [sys.executable, str(HERE / "try_glyphs.py"), str(order)]
        subprocess.run(command, check=True)
        return json.loads(answer.read_text(encoding="utf-8"))


def with_codes(text, refused):
    """``text`` with each cluster that is in ``refused`` as its code: [U+1F600], A[U+20E3]."""
    if not refused or not ODD.search(text):
        return text
    return "".join(code(c) if c in refused else c for c in clusters(text))


def repaired(data, font_paths):
    """Data of a document that was refused, with codes in all of its texts where it needs them.

    Returns it with what was replaced, a set of clusters.
    """
    texts = {text for text in _get_texts(data) if ODD.search(text)}
    refused = unprintable(set().union(*map(odd_clusters, texts)), font_paths)
    coded = {text: with_codes(text, refused) for text in texts}
    # What can be printed alone is seldom refused within a text: then all that is odd there goes.
    for text in unprintable({t for t in coded.values() if ODD.search(t)}, font_paths):
        refused |= odd_clusters(text)
    return _changed(data, lambda text: with_codes(text, refused)), refused


def _get_texts(data):
    if isinstance(data, str):
        yield data
    elif isinstance(data, (dict, list, tuple)):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _get_texts(each)


def _changed(data, change):
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {name: _changed(value, change) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_changed(value, change) for value in data]
    return data


def code(cluster):
    """A cluster as its code; a plain letter at its start stays."""
    plain = "" if ODD.match(cluster) else cluster[0]
    codes = " ".join(f"U+{ord(char):04X}" for char in cluster.removeprefix(plain))
    return f"{plain}[{codes}]"
