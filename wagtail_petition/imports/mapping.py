"""Find the meaning of a file's columns: from a preset, an earlier choice, or the headings."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText
from wagtail_petition.pages.lookup import pages_with

from . import presets, synonyms
from .reading import Inspection

# The possible meanings of a column: {name: label}, in the order of the form.
MEANINGS = {
    "given_name": gettext_lazy("First name"),
    "family_name": gettext_lazy("Last name"),
    "full_name": gettext_lazy("First and last name"),
    "email": gettext_lazy("Email"),
    "country": gettext_lazy("Country"),
    "postcode": gettext_lazy("Postcode"),
    "city": gettext_lazy("City"),
    "region": gettext_lazy("State or region"),
    "home_country": gettext_lazy("Country where they vote"),
    "home_region": gettext_lazy("State or region where they vote"),
    "home_district": gettext_lazy("District where they vote"),
    "home_place": gettext_lazy("Last place there"),
    "home_tie": gettext_lazy("Tie to that country"),
    "message": gettext_lazy("Message"),
    "signed_at": gettext_lazy("Signed"),
    "confirmed_at": gettext_lazy("Confirmed"),
    "show_name": gettext_lazy("Name shown in public"),
    "wants_news": gettext_lazy("Opted in to updates"),
    "language": gettext_lazy("Language"),
    "source": gettext_lazy("Source"),
    "status": gettext_lazy("Status"),
    "origin": gettext_lazy("Origin"),
    "origin_ref": gettext_lazy("Reference"),
    "references": gettext_lazy("Further references"),
    "number": gettext_lazy("Number"),
    "sheet": gettext_lazy("Number of the sheet"),
    "line": gettext_lazy("Line on the sheet"),
}
# Meanings that several columns can have.
REPEATABLE = ("references",)
ANSWER = "answer:"
NO_NAME = "anonymous"


@dataclass
class Options:
    """Options for a whole file."""

    # The order of dates ("dmy", "mdy"), their time zone, and the date of rows without one.
    date_order: str = ""
    time_zone: str = ""
    default_date: str = ""
    default_country: str = ""
    default_language: str = ""
    # How a full name is split: at the "last_blank", or "none" (all of it is the first name).
    name_split: str = "last_blank"
    # A country that the platform fills in for people who gave none. It counts as no answer.
    distrusted_country: str = ""
    # Whether to remove the apostrophes with which our exports guard formulas.
    is_guarded: bool = False

    def as_data(self) -> dict[str, Any]:
        """The options as JSON data: ``Options(**data)`` restores them."""
        return asdict(self)


@dataclass
class Mapping:
    """The meanings of a file's columns: {heading: key of ``MEANINGS``, "answer:<id>" or ""}.

    ``suggested`` are uncertain meanings of columns that are left out until a person accepts them.
    ``is_remembered`` is whether it was chosen for an earlier file with the same headings.
    """

    columns: dict[str, str]
    suggested: dict[str, str] = field(default_factory=dict)
    preset: presets.Preset | None = None
    is_remembered: bool = False

    @property
    def preset_name(self) -> str:
        """The preset's name, "" without one."""
        return self.preset.name if self.preset else ""


def propose(inspection: Inspection, petition: Petition, preset: str | None = None) -> Mapping:
    """Guess the meanings of a file's columns. Returns a ``Mapping``.

    ``preset`` is the name of the chosen preset, or "" for none. With None, an earlier choice for
    the same headings is used, or the preset is found from the file.
    """
    if preset is None and (chosen := remembered(inspection, petition)):
        return chosen
    if preset:
        found = presets.get(preset, inspection, petition)
    else:
        found = None if preset == "" else presets.find(inspection, petition)
    columns = dict(found.columns) if found else {}
    suggested: dict[str, str] = {}
    questions = {
        synonyms.key(question["label"]): f"{ANSWER}{question['id']}"
        for question in get_questions(petition)
    }
    keys = {synonyms.key(heading) for heading in inspection.headings}
    for column in inspection.columns:
        heading = column.heading
        if heading in columns:
            continue
        columns[heading] = ""
        if column.is_constant and column.samples[0].casefold() == NO_NAME:
            # Microsoft Forms calls people so who weren't signed in.
            continue
        meaning = questions.get(synonyms.key(heading)) or synonyms.meaning(heading, keys)
        if not meaning or (meaning in columns.values() and meaning not in REPEATABLE):
            continue
        if synonyms.is_doubtful(heading) and not (meaning == "signed_at" and column.date_order):
            suggested[heading] = meaning
        else:
            columns[heading] = meaning
    _prefer_parts(columns)
    return Mapping(
        {heading: columns[heading] for heading in inspection.headings},
        suggested,
        found.preset if found else None,
    )


def _prefer_parts(columns: dict[str, str]) -> None:
    """Leave out the full name if the first name has its own column."""
    if "given_name" in columns.values():
        for heading, meaning in columns.items():
            if meaning == "full_name":
                columns[heading] = ""


def remembered(inspection: Inspection, petition: Petition) -> Mapping | None:
    """The mapping of the last imported file with the same headings, or None."""
    same = ImportBatch.objects.filter(
        headings_sha256=headings_sha256(inspection.headings),
        state=ImportBatch.State.DONE,
    )
    batch = same.filter(petition=petition).first() or same.filter(preset="").first()
    if batch is None or batch.mapping.keys() != set(inspection.headings):
        return None
    known = {question["id"] for question in get_questions(petition)}
    columns = {
        heading: ""
        if meaning.startswith(ANSWER) and meaning.removeprefix(ANSWER) not in known
        else meaning
        for heading, meaning in batch.mapping.items()
    }
    return Mapping(columns, preset=presets.get_preset(batch.preset), is_remembered=True)


def headings_sha256(headings: list[str]) -> str:
    """The hash of a row of headings, independent of their order."""
    keys = sorted(synonyms.key(heading) for heading in headings)
    return hashlib.sha256(json.dumps(keys).encode()).hexdigest()


def date_order(inspection: Inspection, mapping: Mapping) -> str:
    """The order of dates in the columns with dates: "ymd", "dmy" or "mdy".

    "?" if it is ambiguous and a person has to choose, "" if there are no dates.
    """
    orders = {
        "?" if inspection.is_partial and not column.filled else column.date_order
        for column in inspection.columns
        if mapping.columns.get(column.heading) in ("signed_at", "confirmed_at")
    }
    if mapping.preset and mapping.preset.date_order and "?" in orders:
        return mapping.preset.date_order
    for order in ("dmy", "mdy", "?", "ymd"):
        if order in orders:
            return order
    return ""


def problems(mapping: Mapping, mode: str) -> list[str]:
    """The messages on why a file can't be imported with this mapping."""
    meanings = {*mapping.columns.values()}
    if mode != ImportBatch.Mode.CONFIRMED and "email" not in meanings:
        return [_("No column holds email addresses. Say which one does.")]
    if mode != ImportBatch.Mode.NO_EMAILS and meanings.isdisjoint(
        ("given_name", "family_name", "full_name")
    ):
        return [_("No column holds names. Say which one does.")]
    return [
        _("Two columns are “%(meaning)s”. Leave one of them out.")
        % {"meaning": describe_meaning(meaning)}
        for meaning in repeated(mapping.columns)
    ]


def repeated(columns: dict[str, str]) -> list[str]:
    """The meanings that several columns have, though only one may."""
    counts = Counter(meaning for meaning in columns.values() if meaning)
    return [m for m, count in counts.items() if count > 1 and m not in REPEATABLE]


def describe_meaning(meaning: str, questions: dict[str, str] | None = None) -> str:
    """The label of a meaning. ``questions`` are {id: label}."""
    if meaning.startswith(ANSWER):
        pk = meaning.removeprefix(ANSWER)
        return (questions or {}).get(pk, pk)
    return str(MEANINGS.get(meaning, meaning))


def ambiguous_dates() -> str:
    """The message if the order of day and month can't be found."""
    return _(
        "The dates can be read in two ways: 3/4 may be 3 April or March 4. Say whether the "
        "day or the month comes first."
    )


def question_labels(petition: Petition) -> dict[str, str]:
    """{id: label} of the questions that a column can answer, each in the newest wording."""
    return {question["id"]: question["label"] for question in get_questions(petition)}


def get_questions(petition: Petition) -> list[dict[str, Any]]:
    """The petition's current and earlier questions, as in ``SignedText``.

    A question is repeated for each language, so that choices are recognised in all of them.
    """
    asked = Signature.objects.filter(petition=petition).order_by()
    texts = SignedText.objects.filter(pk__in=asked.values("signed_text").distinct())
    found = [question for text in texts.order_by("pk") for question in text.questions]
    for page in pages_with(petition.key):
        found += page.get_text_to_sign().questions
    return found
