"""Brings the translation catalogues up to date, compiles them, and says what is wrong with them.

    python scripts/messages.py          what `make messages` runs
    python scripts/messages.py --check  writes nothing, and also says what would change

Django's makemessages finds the texts, and the rest is what it can't do: its merging guesses the
translation of a changed text from a similar one; neither it nor compilemessages compares markup and
placeholders; and both are silent on calls that they can't read (ruff's INT rules see an f-string as
the first argument, not in pgettext or as a plural).

A language is a folder in locale/: make a new one and run this. Scripts of the browser have no words
of their own, they take them from data attributes of templates, so there is one catalogue for each.
"""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from gettext import c2py
from pathlib import Path

import django
import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "wagtail_petition"
CATALOGUES = ROOT / "locale"
# What the code is written in: its entries stay empty.
SOURCE = "en"

# The functions of django.utils.translation that look a text up, with the number of texts they take
# and the position of the first one.
GETTEXT = {
    f"{name}{lazy}": texts
    for name, texts in {
        "gettext": (1, 0),
        "ngettext": (2, 0),
        "pgettext": (2, 0),
        "npgettext": (3, 0),
    }.items()
    for lazy in ("", "_lazy", "_noop")
}

# What a translation has to keep: placeholders of both kinds, and markup.
KEPT = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*\}|</?\w[^>]*>")


def key(entry):
    """What makes an entry the same in all catalogues."""
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def shown(entry):
    """An entry as one finds it in the code."""
    text = f"{entry.msgctxt}: {entry.msgid}" if entry.msgctxt else entry.msgid
    return f"“{text}”"


def po_path(language):
    return CATALOGUES / language / "LC_MESSAGES/django.po"


def languages():
    """The languages that have a folder."""
    return sorted(path.name for path in CATALOGUES.iterdir() if path.is_dir())


def extract():
    """Every text of Python and templates, as Django finds them."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "package"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("locale", "__pycache__"))
        (copy / "locale").mkdir()
        command = "-m django makemessages --locale en --add-location file --verbosity 0"
        # Settings would add the paths of a site.
        env = {name: v for name, v in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run([sys.executable, *command.split()], cwd=copy, env=env, check=True)
        return polib.pofile(str(copy / "locale/en/LC_MESSAGES/django.po"))


def open_catalogue(language):
    """The catalogue of ``language``; an empty one with Django's plural forms if there is none."""
    if po_path(language).exists():
        return polib.pofile(str(po_path(language)))
    django_catalogue = Path(django.__file__).parent / f"conf/locale/{language}/LC_MESSAGES"
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Project-Id-Version": "wagtail-petition",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": polib.pofile(str(django_catalogue / "django.po")).metadata["Plural-Forms"],
    }
    return catalogue


def merge(catalogue, template):
    """The texts of ``template`` with what ``catalogue`` says to them, and nothing else.

    A text that was changed is a new one: what was said to the old one is not guessed to fit.
    """
    known = {key(entry): entry for entry in catalogue if not entry.obsolete}
    merged = polib.POFile(wrapwidth=98)
    merged.header, merged.metadata = catalogue.header, catalogue.metadata
    for found in template:
        entry = polib.POEntry(
            msgctxt=found.msgctxt,
            msgid=found.msgid,
            msgid_plural=found.msgid_plural,
            comment=found.comment,
            occurrences=found.occurrences,
            flags=[flag for flag in found.flags if flag != "fuzzy"],
        )
        said = known.get(key(found))
        if said:
            entry.msgstr, entry.msgstr_plural = said.msgstr, said.msgstr_plural
            entry.tcomment = said.tcomment
            entry.flags += ["fuzzy"] if said.fuzzy else []
        if found.msgid_plural and not entry.msgstr_plural:
            entry.msgstr_plural = dict.fromkeys(range(len(plural_numbers(catalogue))), "")
        merged.append(entry)
    return merged


def plural_numbers(catalogue):
    """The numbers below 1,000 that take each plural form of a catalogue."""
    count, rule = re.match(
        r"nplurals=(\d+);\s*plural=(.+?);?$", catalogue.metadata["Plural-Forms"].strip()
    ).groups()
    form_of = c2py(rule)
    forms = [[] for _form in range(int(count))]
    for number in range(1000):
        forms[form_of(number)].append(number)
    return forms


def wrong_calls(path):
    """Calls of gettext in a Python file whose text cannot be extracted, in words."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = dict(GETTEXT)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                if alias.name not in GETTEXT or not alias.asname:
                    continue
                names[alias.asname] = GETTEXT[alias.name]
                # The only other name that the extractor knows, for functions of one text.
                if alias.asname != "_" or GETTEXT[alias.name] != (1, 0):
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    yield f"{where}: {alias.name} can’t be found as {alias.asname}"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", None))
        texts, first = names.get(name, (0, 0))
        for argument in node.args[first : first + texts]:
            if isinstance(argument, ast.JoinedStr):
                yield f"{path.relative_to(ROOT)}:{node.lineno}: an f-string in {name}()"
            elif not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                yield f"{path.relative_to(ROOT)}:{node.lineno}: no plain text in {name}()"


def wrong_entries(language, catalogue):
    """What is wrong with the entries of a catalogue, in words."""
    forms = plural_numbers(catalogue)
    for entry in catalogue:
        if entry.obsolete:
            yield f"{language}: obsolete: {shown(entry)}"
            continue
        if entry.fuzzy:
            yield f"{language}: fuzzy: {shown(entry)}"
        said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if entry.msgid_plural and len(said) != len(forms):
            yield f"{language}: {len(said)} plural forms, not {len(forms)}: {shown(entry)}"
            continue
        if language == SOURCE:
            if any(said):
                yield f"{language}: not empty, change the code instead: {shown(entry)}"
            continue
        if not all(text.strip() for text in said):
            yield f"{language}: empty: {shown(entry)}"
            continue
        for position, text in enumerate(said):
            # A form for one number alone may say it in words: "one of them", "both".
            in_words = entry.msgid_plural and len(forms[position]) == 1
            if changed := " and ".join(_not_kept(entry, text, in_words)):
                yield f"{language}: {changed}: {shown(entry)}"


def _not_kept(entry, text, in_words):
    wanted = Counter(KEPT.findall(entry.msgid_plural or entry.msgid))
    found = Counter(KEPT.findall(text))
    lost = [part for part in wanted - found if part.startswith("<") or not in_words]
    if lost:
        yield f"lacks {' '.join(lost)}"
    if found - wanted:
        yield f"has {' '.join(found - wanted)} too much"


def differences(language, catalogue, template):
    """What bringing a catalogue up to date would change, in words."""
    here = {key(entry): entry for entry in catalogue if not entry.obsolete}
    there = {key(entry): entry for entry in template}
    for text in there.keys() - here.keys():
        yield f"{language}: missing: {shown(there[text])}"
    for text in here.keys() - there.keys():
        yield f"{language}: no longer used: {shown(here[text])}"
    compiled = po_path(language).with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        yield f"{language}: {compiled.relative_to(ROOT)} is not compiled from its .po file"


def check(template):
    """Everything that is wrong, in words; an empty list if nothing is."""
    problems = [
        problem for path in sorted(PACKAGE.rglob("*.py")) for problem in sorted(wrong_calls(path))
    ]
    for language in languages():
        catalogue = open_catalogue(language)
        problems += sorted(differences(language, catalogue, template))
        problems += wrong_entries(language, catalogue)
    return problems


def update(template):
    """Write every catalogue, and what is compiled from it."""
    for language in languages():
        catalogue = merge(open_catalogue(language), template)
        path = po_path(language)
        path.parent.mkdir(exist_ok=True)
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    template = extract()
    if not options.check:
        update(template)
    problems = check(template)
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{len(template)} texts in {', '.join(languages())}: {len(problems)} problems")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
