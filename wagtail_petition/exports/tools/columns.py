"""The types of columns that other tools need: fixed texts, dates in their format, ids."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import UTC, date, datetime
from typing import Any, Self

from wagtail_petition.clock import local_time
from wagtail_petition.exports.columns import AnswerColumn, Column, JoinedColumn, Label
from wagtail_petition.formats import listed
from wagtail_petition.home.residence import CODE
from wagtail_petition.models.petition import Petition
from wagtail_petition.models.signature import Signature

# The locales of CiviCRM for languages without a region.
LOCALES = {
    **{"en": "en_US", "it": "it_IT", "de": "de_DE", "fr": "fr_FR"},
    **{"es": "es_ES", "pt": "pt_PT", "ar": "ar_EG"},
}


class ConstantColumn(Column):
    """The same value in all rows."""

    def __init__(self, label: Label, value: Any) -> None:
        super().__init__(label, "petition_id")
        self.value = value

    def render(self, value: Any) -> Any:
        return self.value


class DayColumn(Column):
    """The local day of a datetime in a ``strftime`` format."""

    def __init__(self, label: Label, source: str, pattern: str) -> None:
        super().__init__(label, source)
        self.pattern = pattern

    def render(self, moment: datetime | None) -> str:
        return local_time(moment).strftime(self.pattern) if moment else ""


class MomentColumn(Column):
    """A datetime as ISO 8601 in UTC, like 2026-10-04T09:12:44Z."""

    def render(self, moment: datetime | None) -> str:
        if moment is None:
            return ""
        # Without USE_TZ it is naive, in the system's time zone.
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class ChoiceColumn(Column):
    """The text for each value of a field."""

    def __init__(self, label: Label, source: str, texts: Mapping[Any, str]) -> None:
        super().__init__(label, source)
        self.texts = texts

    def render(self, value: Any) -> str:
        return self.texts.get(value, "")


class LocaleColumn(Column):
    """A language as a locale, like it_IT; "" if its region isn't known."""

    def render(self, language: str) -> str:
        name, _hyphen, region = language.partition("-")
        return f"{name}_{region.upper()}" if len(region) == 2 else LOCALES.get(name, "")


class PetitionColumn(Column):
    """A text about the petition. ``describe`` makes it from a ``Petition``."""

    def __init__(self, label: Label, describe: Callable[[Petition], str]) -> None:
        super().__init__(label, "petition_id")
        self.describe = describe
        self.petitions: list[Petition] = []

    def of(self, petitions: Iterable[Petition]) -> Self:
        """A copy of the column for these petitions."""
        found = copy(self)
        found.petitions = list(petitions)
        return found

    def bind(self) -> Self:
        bound = super().bind()
        bound.texts = {petition.pk: self.describe(petition) for petition in self.petitions}
        return bound

    def render(self, value: Any) -> str:
        return self.texts.get(value, "")


class NumberColumn(PetitionColumn):
    """The id of the signature: the petition's text, a hyphen, and the number."""

    sources = ("petition_id", "number")

    def render(self, value: Any) -> str:
        petition, number = value
        return f"{self.texts.get(petition, '')}-{number}"

    def get_cell(self, instance: Signature) -> Any:
        return self.render(tuple(instance.serializable_value(name) for name in self.sources))


class EmailsColumn(JoinedColumn):
    """The email as OSDI's list. Without an opt-in its status is "unsubscribed".

    With an opt-in it has no status: "subscribed" would resubscribe people who left that tool.
    """

    def __init__(self, label: Label) -> None:
        super().__init__(label, "email", "wants_news")

    def render(self, values: tuple[str, bool]) -> list[dict[str, Any]]:
        email, wants_news = values
        entry: dict[str, Any] = {"address": email, "primary": True}
        return [entry if wants_news else {**entry, "status": "unsubscribed"}]


def short_region(region: str) -> str:
    """The part of a region's code after the hyphen ("NY" of "US-NY"). Typed text is unchanged."""
    return region.partition("-")[2] if CODE.fullmatch(region) else region


class ShortRegionColumn(Column):
    """The state as tools write it: "NY", or what people typed."""

    def render(self, value: str) -> str:
        return short_region(value)


class AddressesColumn(JoinedColumn):
    """The place as OSDI's list of addresses; empty if nothing is known.

    OSDI's region is the second part of an ISO 3166-2 code, so other texts are left out.
    """

    def __init__(self, label: Label) -> None:
        super().__init__(label, "city", "region", "postcode", "country")

    def render(self, values: tuple[str, str, str, Any]) -> list[dict[str, Any]]:
        city, region, postcode, country = values
        region = short_region(region)
        is_code = len(region) <= 3 and region.isascii() and region.isalnum()
        parts = {
            "locality": city,
            "region": region.upper() if is_code else "",
            "postal_code": postcode,
            "country": str(country or ""),
        }
        given = {name: text for name, text in parts.items() if text}
        return [{"primary": True, **given}] if given else []


class StateColumn(JoinedColumn):
    """The state of the United States where the signer votes, like NY; "" for other countries."""

    def __init__(self, label: Label) -> None:
        super().__init__(label, "home_country", "home_region")

    def render(self, values: tuple[Any, str]) -> str:
        country, region = values
        return region.partition("-")[2] if str(country or "") == "US" else ""


class DistrictColumn(JoinedColumn):
    """The district of Congress where the signer votes, like 12; 00 for a state with only one."""

    def __init__(self, label: Label) -> None:
        super().__init__(label, "home_country", "home_district")

    def render(self, values: tuple[Any, str]) -> str:
        country, district = values
        return district and (district.lstrip("0") or "00") if str(country or "") == "US" else ""


class CustomFieldsColumn(Column):
    """The answers as OSDI's custom fields: {question: answer}, all as texts."""

    def __init__(self, label: Label) -> None:
        super().__init__(label, "answers")
        self.questions: list[AnswerColumn] = []

    def asking(self, questions: Iterable[AnswerColumn]) -> Self:
        """A copy of the column for these questions."""
        found = copy(self)
        found.questions = list(questions)
        return found

    def bind(self) -> Self:
        bound = super().bind()
        bound.questions = [question.bind() for question in self.questions]
        return bound

    def render(self, answers: Mapping[str, Any]) -> dict[str, str]:
        cells = {str(q.column_name): q.render(answers) for q in self.questions}
        return {label: _as_text(cell) for label, cell in cells.items() if cell != ""}


def _as_text(cell: Any) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return listed(map(str, cell)) if isinstance(cell, list) else str(cell)
