"""What kinds of recipients accept. The facts, with sources and dates, are in docs/how-to/accept.md."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition.formats import language_name, listed

PAPER = "paper"
NEEDS: list[tuple[str, str | Promise]] = [
    ("address", gettext_lazy("The postal address")),
    ("district", gettext_lazy("The district where people vote")),
    ("handwritten", gettext_lazy("Handwritten signatures")),
]
FORMATS: list[tuple[str, str | Promise]] = [
    (PAPER, gettext_lazy("Paper")),
    ("pdf", "PDF"),
    ("csv", "CSV"),
    ("xlsx", "XLSX"),
]
EMAILS: list[tuple[str, str | Promise]] = [
    ("", gettext_lazy("Not known")),
    ("wanted", gettext_lazy("Wanted")),
    ("unwanted", gettext_lazy("Not wanted")),
]
OWN = "own"


class Profile(NamedTuple):
    """What a recipient accepts. Empty values mean that nothing is known, or that all is accepted.

    ``needs`` are keys of ``NEEDS``, ``formats`` of ``FORMATS``, ``languages`` codes, ``largest`` is
    in megabytes, ``emails`` a key of ``EMAILS``. ``warning`` is what an editor must know before
    people sign, as a sentence.
    """

    label: Any = ""
    needs: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    largest: int | None = None
    emails: str = ""
    warning: Any = ""

    @property
    def warnings(self) -> list[str]:
        """What an editor must know before people sign, as sentences."""
        if self.warning:
            return [str(self.warning)]
        if "handwritten" in self.needs:
            return [
                _("Only handwritten signatures count there: print sheets, and collect on paper.")
            ]
        return []

    def accepts_language(self, language: str) -> bool:
        """Whether documents in ``language`` are accepted."""
        base = language.partition("-")[0]
        return not self.languages or base in {code.partition("-")[0] for code in self.languages}

    def describe(self) -> list[tuple[str, str]]:
        """(label, value) pairs of what is known, in the active language."""
        size = _("Up to %(size)d MB") % {"size": self.largest} if self.largest else ""
        pairs = [
            (_("Needed"), listed(label for key, label in NEEDS if key in self.needs)),
            (_("Files"), listed(label for key, label in FORMATS if key in self.formats)),
            (_("Size"), size),
            (_("Languages"), listed(map(language_name, self.languages))),
            (_("Emails"), str(dict(EMAILS)[self.emails]) if self.emails else ""),
        ]
        return [(label, value) for label, value in pairs if value]


# The official languages of the European Union.
EU_LANGUAGES = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"),
    *("hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
)

PROFILES: dict[str, Profile] = {
    "us_congress": Profile(
        label=gettext_lazy("Office of the US Congress"),
        needs=("address", "district"),
        warning=gettext_lazy(
            "Offices of Congress look for their own voters, by street, town and ZIP code: ask for "
            "these, and split the delivery by state or district."
        ),
    ),
    "eu_petitions": Profile(
        label=gettext_lazy("European Parliament, Committee on Petitions"),
        languages=EU_LANGUAGES,
        warning=gettext_lazy(
            "The petition itself is handed in by one person with name and permanent address, "
            "on the Parliament’s petitions portal or signed and by post. It must be in an official "
            "language of the European Union."
        ),
    ),
    "it_parliament": Profile(
        label=gettext_lazy("Italian Parliament (petition, art. 50)"),
        needs=("handwritten",),
        warning=gettext_lazy(
            "Only Italian citizens can hand it in. Each who does signs it by hand, and the first adds "
            "a copy of an identity document. On its own platform, the Chamber of Deputies takes "
            "signatures online. Names collected here show support."
        ),
    ),
    "bundestag": Profile(
        label=gettext_lazy("Bundestag, Petitions Committee"),
        needs=("address", "handwritten"),
        formats=(PAPER,),
        emails="unwanted",
        warning=gettext_lazy(
            "The Bundestag doesn’t recognise lists typed by machine, as those of names and emails. "
            "It counts paper sheets with name, postal address and handwritten signature, and "
            "signatures on its own website."
        ),
    ),
    "city_council": Profile(
        label=gettext_lazy("City council"),
        needs=("address", "handwritten"),
        warning=gettext_lazy(
            "Many councils ask for name, address and handwritten signature of people who live, "
            "work or study there, and have other rules for petitions online: ask the council "
            "before you collect."
        ),
    ),
}
