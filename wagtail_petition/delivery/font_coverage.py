"""Find characters that no font can print, to print their codes instead.

An accessible PDF (PDF/UA-1) must not hold text without a glyph, so one such character would fail
the whole document. Only the typesetter knows which: it uses one font for each cluster (a letter
with its marks, or an emoji of several parts), chosen by the first character.
"""

import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

from wagtail_petition.storage import work_folder

HERE = Path(__file__).parent
# Characters in typst's default font: modern Latin, Greek and Cyrillic letters, digits, signs.
PLAIN = (
    "\n\x20-\x7e\xa0-\xac\xae-\u017f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce"
    "\u0400-\u045f\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
)
NOT_PLAIN = re.compile(f"[^{PLAIN}]")
ZWJ = "\u200d"
# PDF/UA-1 forbids these code points whatever the font: they mean "no character".
FORBIDDEN = {"\x00", "\ufeff", "\ufffe"}
# Unicode categories that belong to the character before: marks, joiners and other format
# characters.
ATTACHED = {"Mn", "Mc", "Me", "Cf"}
KANA_MARKS = "\uff9e\uff9f"


def clusters(text):
    """Split ``text`` into clusters, a list. The typesetter uses one font for each cluster."""
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
    # The next part of an emoji, or the second half of a flag.
    return before[-1] == ZWJ or (_is_flag(char) and len(before) == 1 and _is_flag(before))


def _is_skin_tone(char):
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def _is_flag(char):
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def odd_clusters(text):
    """The clusters of ``text`` that may be unprintable, as a set."""
    if not NOT_PLAIN.search(text):
        return set()
    return {cluster for cluster in clusters(text) if NOT_PLAIN.search(cluster)}


def unprintable(texts, font_paths, *, system_fonts=True):
    """The items of ``texts`` (a set of clusters or whole texts) that can't be printed, as a set.

    ``font_paths`` are folders with fonts, in addition to the system's.
    """
    texts = sorted(texts)
    if not texts:
        return set()
    broken = {text for text in texts if any(map(_is_forbidden, text))}
    asked = [text for text in texts if text not in broken]
    return broken | set(_refused(asked, [*map(str, font_paths)], system_fonts))


def _is_forbidden(char):
    # A lone surrogate isn't a character.
    return char in FORBIDDEN or unicodedata.category(char) == "Cs"


def _refused(texts, font_paths, system_fonts):
    """The items of ``texts`` that the typesetter refuses, as a list."""
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
    """``text`` with codes for the clusters in ``refused``: [U+1F600], A[U+20E3]."""
    if not refused or not NOT_PLAIN.search(text):
        return text
    return "".join(code(c) if c in refused else c for c in clusters(text))


def repaired(data, font_paths):
    """The data of a refused document with codes for its unprintable clusters.

    Returns (data, the set of clusters that were replaced).
    """
    texts = {text for text in _get_texts(data) if NOT_PLAIN.search(text)}
    refused = unprintable(set().union(*map(odd_clusters, texts)), font_paths)
    coded = {text: with_codes(text, refused) for text in texts}
    # Rarely, a cluster that can be printed alone is refused within a text. Then all clusters of
    # that text that aren't plain are replaced.
    for text in unprintable({t for t in coded.values() if NOT_PLAIN.search(t)}, font_paths):
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
    """The code of a cluster. A plain letter at its start stays."""
    plain = "" if NOT_PLAIN.match(cluster) else cluster[0]
    codes = " ".join(f"U+{ord(char):04X}" for char in cluster.removeprefix(plain))
    return f"{plain}[{codes}]"
