"""The catalogues are complete, and errors in them or in the code are found."""

import shutil

import polib
import pytest

from scripts import messages

LANGUAGES = ["ar", "de", "en", "es", "fr", "it", "pt"]


@pytest.fixture(scope="module")
def template():
    if not shutil.which("xgettext"):
        pytest.skip("GNU gettext is not installed")
    return messages.extract()


def test_nothing_is_wrong_with_the_catalogues(template):
    assert messages.check(template) == []


def test_languages_that_are_shipped():
    assert messages.languages() == LANGUAGES


def entry(msgid="%(count)s of {total}", msgid_plural="", **said):
    return polib.POEntry(msgid=msgid, msgid_plural=msgid_plural, **said)


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (entry(msgstr="%(count)s di {total}"), None),
        (entry(), "empty"),
        (entry(msgstr="%(count)s di {total}", flags=["fuzzy"]), "fuzzy"),
        (entry(msgstr="%(count)s di {total}", obsolete=True), "obsolete"),
        (entry(msgstr="%(number)s di {total}"), "lacks %(count)s"),
        (entry(msgstr="%(count)s di {totale}"), "has {totale} too much"),
        (entry("<b>Sign</b>", msgstr="<i>Firma</i>"), "lacks <b> </b>"),
        (entry("%d day", "%d days", msgstr_plural={0: "%d giorno"}), "1 plural forms, not 2"),
        (entry("%d day", "%d days", msgstr_plural={0: "un giorno", 1: "%d giorni"}), None),
        (entry("%d day", "%d days", msgstr_plural={0: "%d giorno", 1: "giorni"}), "lacks %d"),
    ],
)
def test_what_is_wrong_with_an_entry(made, problem):
    catalogue = polib.POFile()
    catalogue.metadata = {"Plural-Forms": "nplurals=2; plural=(n != 1);"}
    catalogue.append(made)
    found = list(messages.wrong_entries("it", catalogue))
    assert [problem in text for text in found] == ([True] if problem else []), found


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        ('_("Sign")', None),
        ('_("Sign " "here")', None),
        ('_(f"{name} signed")', "f-string"),
        ('_("{} signed".format(name))', "no plain text"),
        ("_(name)", "no plain text"),
        ('ngettext("%d day", f"{n} days", n)', "f-string"),
        ("from django.utils.translation import ngettext as many", "can’t be found as many"),
        ('pgettext("to", f"{name}")', "f-string"),
    ],
)
def test_what_is_wrong_with_a_call(call, problem, tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    source = tmp_path / "source.py"
    source.write_text(
        "from django.utils.translation import gettext as _\n"
        f"from django.utils.translation import ngettext, pgettext\n\n{call}\n"
    )
    found = list(messages.wrong_calls(source))
    assert [problem in text for text in found] == ([True] if problem else []), found
