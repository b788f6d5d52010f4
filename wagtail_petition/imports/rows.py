"""Turn a row into the fields of a signature, or a reason why it can't be read."""

import functools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_petition.forms.fields import FamilyNameField, SourceField
from wagtail_petition.forms.sign import MESSAGE_LENGTH
from wagtail_petition.home.residence import read_residence
from wagtail_petition.identity.emails import email_key, normalise_email
from wagtail_petition.identity.names import clean_name
from wagtail_petition.identity.sheet_numbers import WrongNumber, read_number
from wagtail_petition.models.import_batch import ImportBatch
from wagtail_petition.models.search import fold
from wagtail_petition.models.signature import Signature
from wagtail_petition.models.signed_text import SignedText

from .answers import as_questions
from .columns import Columns
from .dates import NoDate, aware, read_moment
from .home_ties import HOME, read_home
from .mapping import ANSWER, MEANINGS, Options, get_questions
from .numbers import Numbers
from .person import Person
from .reading.table import Cell, as_text, is_blank
from .references import refer
from .sheet_texts import SheetTexts
from .values import read_boolean, read_country, read_label, read_language

Mode, Status = ImportBatch.Mode, Signature.Status
# Texts that mean that there is no address.
NO_EMAIL = {"", "-", "n/a", "na", "none", "null", "anonymous", "no email", "unknown", "x", "/"}
SOURCE = SourceField(required=False)
DAY = timedelta(days=1)


class Rejected(Exception):
    """The row can't be read. The message says what to do."""


class RowReader:
    """Reads the rows of a batch's file by its mapping and options."""

    def __init__(self, batch: ImportBatch, headings: list[str]) -> None:
        self.batch = batch
        self.options = options = Options(**batch.options)
        self.zone = ZoneInfo(options.time_zone or django_settings.TIME_ZONE)
        self.now = aware(timezone.now())
        self.opened = aware(batch.petition.opens_at or batch.petition.created_at or timezone.now())
        self.labels = {meaning: str(label) for meaning, label in MEANINGS.items()}
        self.columns = columns = Columns(headings, batch.mapping, is_guarded=options.is_guarded)
        has_answers = columns.has_any(ANSWER)
        self.questions = as_questions(get_questions(batch.petition)) if has_answers else {}
        self.has_home = columns.has_any("home_")
        # A heading like "us_state" or "US voting state" names the country.
        regions = columns.get_headings("home_region")
        named = "US" if any(fold(each).startswith("us ") for each in regions) else ""
        self.home_country = str(batch.petition.home_country or "") or named
        self.sheet_texts = SheetTexts(batch.petition) if "sheet" in columns else None
        # Only this site's exports have its numbers.
        self.numbers = Numbers(batch.petition) if "number" in columns else None
        self.has_consent = bool(batch.consent.strip())
        # Files have few different names, places and countries.
        self._clean = functools.lru_cache(maxsize=10_000)(clean_name)
        self._read_country = functools.lru_cache(maxsize=1000)(read_country)
        text = batch.signed_text
        self.language = options.default_language or (text.language if text else "")

    def read(self, cells: Sequence[Cell]) -> Person:
        """The person in a row. Raises ``Rejected``."""
        try:
            return self._read(cells)
        except ValidationError as error:
            raise Rejected(" ".join(map(str, error.messages))) from error

    def read_address(self, cells: Sequence[Cell]) -> str:
        """The normalised email in a row. Raises ``Rejected``, also if there is none."""
        try:
            if email := self._email(cells):
                return email
        except ValidationError as error:
            raise Rejected(" ".join(map(str, error.messages))) from error
        raise Rejected(_("There is no email address."))

    def read_who(self, cells: Sequence[Cell]) -> Signature:
        """An unsaved signature with only the name, email and place in a row that can be read."""
        given, family = self._names(cells)
        email = self._email(cells)
        return Signature(
            given_name=given,
            family_name=family,
            email=email,
            email_key=email_key(email) if email else None,
            **{name: self._name(cells, name) for name in ("postcode", "city")},
        )

    def _recognise(self, person: Person, here: Signature | None) -> None:
        """Give a row of our export the address or reference of its signature ``here``."""
        if here is None:
            return
        if not here.email_key and not here.origin_ref:
            # Erased: nothing tells who it was, and nobody may be counted again.
            raise Rejected(
                _("Only confirmed signatures are imported, and this one is “%(status)s”.")
                % {"status": here.get_status_display()}
            )
        person.is_derived = False
        person.references = [here.origin_ref] if here.origin_ref else []
        person.fields |= {
            name: getattr(here, name) for name in ("email", "email_key", "origin", "origin_ref")
        }

    def _text(self, cells, meaning: str) -> str:
        return self.columns.get_text(cells, meaning)

    def _read(self, cells) -> Person:
        status = self._text(cells, "status")
        if status and read_label("status", status) != Status.CONFIRMED:
            raise Rejected(
                _("Only confirmed signatures are imported, and this one is “%(status)s”.")
                % {"status": status[:40]}
            )
        sheet = self._sheet(cells)
        text = self._sheet_text(sheet)
        given, family = self._names(cells)
        email = self._email(cells)
        if not email and self.batch.mode == Mode.ASK:
            raise Rejected(_("There is no email address to ask."))
        person = Person({"given_name": given, "family_name": family, "email": email})
        person.fields |= {
            "email_key": email_key(email) if email else None,
            "country": self._country(cells),
            **{name: self._name(cells, name) for name in ("postcode", "city", "region")},
            "message": self._message(cells),
            "language": read_language(
                self._text(cells, "language"), text.language if text else self.language
            ),
            "source": SOURCE.to_python(self._text(cells, "source")),
            "show_name": self._agreed(cells, "show_name"),
            "wants_news": bool(email) and self._agreed(cells, "wants_news"),
            "origin": self._origin(cells),
            "answers": self._answers(cells),
        }
        if text:
            person.fields["signed_text_id"] = text.pk
        if self.has_home:
            person.fields |= read_home(
                {name: self._name(cells, name) for name in HOME},
                default_country=self.home_country,
                residence=person.fields["country"],
                has_districts="home_district" in self.columns,
            )
        self._date(person, cells)
        refer(person, self.columns, cells, sheet)
        if self.numbers and person.is_derived:
            self._recognise(person, self.numbers.find(self._text(cells, "number"), person))
        # After the reference, which has to be the same as that of an earlier import.
        region = person.fields["region"]
        person.fields["region"] = read_residence(person.fields["country"], region)
        return person

    def _names(self, cells) -> tuple[str, str]:
        given = self._name(cells, "given_name")
        family = self._name(cells, "family_name")
        if not given and not family and (whole := self._name(cells, "full_name", 200)):
            if whole.count(",") == 1:
                family, given = (part.strip() for part in whole.split(","))
            elif self.options.name_split == "last_blank" and " " in whole:
                given, _blank, family = whole.rpartition(" ")
            else:
                given = whole
            # Checks the length of each part.
            given = clean_name(given, _("First name"))
            family = clean_name(family, _("Last name"))
        if family in FamilyNameField.NONE:
            family = ""
        if not fold(f"{given} {family}"):
            raise Rejected(_("There is no name."))
        return given, family

    def _name(self, cells, meaning: str, length: int = 100) -> str:
        text = self._text(cells, meaning)
        if not text:
            return ""
        if meaning == "postcode":
            text, length = text.upper(), 20
        if meaning == "family_name" and text in FamilyNameField.NONE:
            return ""
        return self._clean(text, self.labels[meaning], length)

    def _email(self, cells) -> str:
        text = self._text(cells, "email")
        if text.casefold() in NO_EMAIL:
            return ""
        if text.count("@") > 1 and ("," in text or ";" in text or " " in text):
            raise Rejected(
                _("There are several email addresses in “%(value)s”. Keep one.")
                % {"value": text[:80]}
            )
        return normalise_email(text)

    def _country(self, cells) -> str:
        text = self._text(cells, "country")
        country = self._read_country(text)
        if country is None:
            raise Rejected(
                _("“%(value)s” is no country that we know. Use two letters, such as IT.")
                % {"value": text[:80]}
            )
        if country and country == self.options.distrusted_country:
            country = ""
        return country or self.options.default_country

    def _message(self, cells) -> str:
        message = self._text(cells, "message").replace("\r\n", "\n").replace("\r", "\n")
        if len(message) > MESSAGE_LENGTH:
            raise Rejected(
                _("Shorten the message to %(most)d characters or fewer.") % {"most": MESSAGE_LENGTH}
            )
        return message

    def _agreed(self, cells, meaning: str) -> bool:
        cell = self.columns.get_cell(cells, meaning)
        agreed = read_boolean(cell)
        if agreed is None:
            raise Rejected(
                _("“%(value)s” in “%(label)s” is neither yes nor no.")
                % {"value": as_text(cell)[:80], "label": self.labels[meaning]}
            )
        # Without a note on where people agreed, a column isn't enough.
        return agreed and self.has_consent

    def _origin(self, cells) -> str:
        text = self._text(cells, "origin")
        return (text and read_label("origin", text)) or self.batch.origin

    def _answers(self, cells) -> dict[str, Any]:
        answers = {}
        for pk, cell in self.columns.get_answers(cells):
            if question := self.questions.get(pk):
                answer = question.read(cell, self.options.date_order, self.zone)
                if answer not in (None, "", []):
                    answers[pk] = answer
        return answers

    def _date(self, person: Person, cells) -> None:
        signed_at = self._moment(cells, "signed_at")
        confirmed_at = self._moment(cells, "confirmed_at")
        signed_at = signed_at or confirmed_at or self._default_date()
        if signed_at > self.now + DAY:
            person.warnings.append("future")
        elif signed_at < self.opened:
            person.warnings.append("before")
        person.fields["signed_at"] = signed_at
        # Never in the future, whatever the file says.
        person.fields["confirmed_at"] = min(confirmed_at or signed_at, self.now)

    def _moment(self, cells, meaning: str) -> datetime | None:
        cell = self.columns.get_cell(cells, meaning)
        if is_blank(cell):
            return None
        try:
            moment, _is_day = read_moment(cell, self.options.date_order, self.zone)
        except (NoDate, ValueError, OverflowError) as error:
            raise Rejected(
                _("“%(value)s” is no date. Write it like 2026-10-04.")
                % {"value": as_text(cell)[:80]}
            ) from error
        return moment

    def _default_date(self) -> datetime:
        if not self.options.default_date:
            raise Rejected(_("There is no date. Give one for all rows without."))
        return read_moment(self.options.default_date, self.options.date_order, self.zone)[0]

    def _sheet(self, cells) -> str:
        """The number of the paper sheet, "" without one."""
        text = self._text(cells, "sheet")
        try:
            return read_number(text) if text else ""
        except WrongNumber as error:
            raise Rejected(
                _("A character of the sheet’s number “%(value)s” is wrong.") % {"value": text[:80]}
            ) from error

    def _sheet_text(self, sheet: str) -> SignedText | None:
        """The text on the sheet by its number; None for the batch's text."""
        try:
            return self.sheet_texts.find(sheet) if self.sheet_texts and sheet else None
        except ValueError as error:
            raise Rejected(str(error)) from error
