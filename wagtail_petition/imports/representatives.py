"""Read tables of representatives, and store them for a petition."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from wagtail_petition.home.answers import get_home_scheme
from wagtail_petition.home.cldr import LANGUAGES
from wagtail_petition.home.scheme import HomeScheme
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.representative import Representative
from wagtail_petition.models.search import fold
from wagtail_petition.representatives import get_identity

from .home_ties import read_district, read_region
from .reading import Unreadable, open_table
from .reading.table import as_text
from .synonyms import key

# The most representatives in a table: more than any parliament has.
MOST = 5000
# What the columns may be called, besides the names of the fields in any of our languages.
WORDS = {
    "name": "name, full name, official full",
    "given_name": "first name, given name",
    "family_name": "last name, family name, surname",
    "office": "office, position, title, role",
    "region": "region, state, home region, constituency",
    "district": "district, congressional district, home district",
    "email": "email, e-mail, email address",
    "address": "address, postal address",
    "kind": "type",
}
# The members of Congress in the data of the unitedstates project. Those of territories don't vote.
SENATOR, REPRESENTATIVE = "sen", "rep"
FIELDS = ("name", "office", "email", "address")
COLUMNS = {column.name: column for column in Representative._meta.concrete_fields}


@dataclass
class Reading:
    """The representatives in a table, unsaved, and the rows that can't be read: (number, why)."""

    people: list[Representative] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)


def read(file: BinaryIO, petition: Petition) -> Reading:
    """The representatives in an open file: CSV, XLSX, ODS or JSON, with a row of headings.

    Members of Congress as ``congress-legislators`` publishes them, or a table with a name, and a
    region or a district in codes or names. Raises ``Unreadable``, and ``ValueError`` if the
    petition doesn't ask where people vote.
    """
    scheme = get_home_scheme(petition)
    if scheme is None:
        raise ValueError("The petition doesn't ask where people vote.")
    table = open_table(file)
    columns = _find_columns(table.headings, scheme)
    if "name" not in columns and "family_name" not in columns:
        raise Unreadable(
            _("No column holds the names. Add a row of headings, such as Name, Office and State.")
        )
    reading = Reading()
    seen = set()
    for row in table.rows():
        if len(reading.people) + len(reading.errors) >= MOST:
            raise Unreadable(_("The table has more than %(most)d rows.") % {"most": MOST})
        cells = {name: as_text(row.cells[at]).strip() for name, at in columns.items()}
        try:
            if row.error:
                raise ValidationError(row.error)
            person = _read_person(cells, petition, scheme)
            if get_identity(person) in seen:
                raise ValidationError(_("This person is in the table twice."))
        except ValidationError as error:
            reading.errors.append((row.number, " ".join(error.messages)))
        else:
            seen.add(get_identity(person))
            reading.people.append(person)
    return reading


def _find_columns(headings: list[str], scheme: HomeScheme) -> dict[str, int]:
    """{what a column holds: its position}. The first of several is taken."""
    words = {key(word): name for name, found in WORDS.items() for word in found.split(", ")}
    if scheme.districts_are_typed:
        words["constituency"] = "district"
    for language in LANGUAGES:
        with override(language):
            for name in ("name", "office", "email", "address", "region", "district"):
                words.setdefault(key(str(COLUMNS[name].verbose_name)), name)
            words.setdefault(key(_("State or region")), "region")
            words.setdefault(key(str(scheme.region_label)), "region")
            words.setdefault(key(str(scheme.district_label)), "district")
    columns: dict[str, int] = {}
    for position, heading in enumerate(headings):
        if meaning := words.get(key(heading)):
            columns.setdefault(meaning, position)
    return columns


def _read_person(cells: dict[str, str], petition: Petition, scheme: HomeScheme) -> Representative:
    parts = (cells.get("given_name", ""), cells.get("family_name", ""))
    name = cells.get("name") or " ".join(filter(None, parts))
    if not name:
        raise ValidationError(_("The name is missing."))
    region = read_region(scheme, cells.get("region", ""))
    region, district = read_district(scheme, region, cells.get("district", ""))
    if not (region or district) and (scheme.regions or scheme.has_districts):
        raise ValidationError(_("Say which constituency this person represents."))
    kind = fold(cells.get("kind", ""))
    if kind == SENATOR:
        # The same state, whatever is in the other column.
        district = ""
    person = Representative(
        petition=petition,
        name=name,
        office=cells.get("office") or _name_office(kind, petition),
        country=scheme.country,
        region=region,
        district=district,
        email=cells.get("email", ""),
        address=cells.get("address", ""),
    )
    if person.email:
        validate_email(person.email)
    for each in ("name", "office", "district", "email", "address"):
        most = COLUMNS[each].max_length
        if most and len(getattr(person, each)) > most:
            raise ValidationError(
                _("“%(value)s…” is longer than %(most)d characters.")
                % {"value": getattr(person, each)[:40], "most": most}
            )
    return person


def _name_office(kind: str, petition: Petition) -> str:
    """The office of a member of Congress in the petition's language; "" for others."""
    with override(petition.source_language or None):
        return {SENATOR: _("Senator"), REPRESENTATIVE: _("Representative")}.get(kind, "")


@dataclass
class Stored:
    """How many representatives were added, changed and deleted.

    ``respelled`` are (before, now) names of those changed who were listed in another spelling.
    """

    added: int = 0
    changed: int = 0
    deleted: int = 0
    respelled: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def store(
    petition: Petition, people: Iterable[Representative], *, replaces: bool = False
) -> Stored:
    """Add these representatives to the petition's, and update those who are there.

    Names that differ only in capitals and spaces are the same person, whose name becomes the new one.
    Empty fields change nothing, so a file without addresses keeps those typed in. With
    ``replaces``, those of the country who aren't among ``people`` are deleted.
    """
    # Two files at once are stored one after the other.
    Petition.objects.select_for_update().get(pk=petition.pk)
    known: dict[Any, list[Representative]] = {}
    for person in petition.representatives.all():
        known.setdefault(get_identity(person), []).append(person)
    stored = Stored()
    countries = set()
    for person in people:
        countries.add(str(person.country))
        same = known.get(get_identity(person))
        if not same:
            person.save()
            stored.added += 1
            continue
        # The same spelling first, where somebody was listed twice.
        earlier = min(same, key=lambda each: each.name != person.name)
        same.remove(earlier)
        if earlier.name != person.name:
            stored.respelled.append((earlier.name, person.name))
        fresh = {name: value for name in FIELDS if (value := getattr(person, name))}
        if any(getattr(earlier, name) != value for name, value in fresh.items()):
            Representative.objects.filter(pk=earlier.pk).update(**fresh)
            stored.changed += 1
    if replaces:
        left = itertools.chain.from_iterable(known.values())
        gone = [person.pk for person in left if str(person.country) in countries]
        stored.deleted, _models = Representative.objects.filter(pk__in=gone).delete()
    return stored
