"""The types of columns of exports and deliveries."""

import functools
from collections.abc import Callable, Mapping
from copy import copy
from datetime import date, datetime
from typing import Any, Self

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from import_export.fields import Field

from wagtail_petition.countries import countries
from wagtail_petition.formats import listed
from wagtail_petition.home.residence import name_residence
from wagtail_petition.models.public_name import public_name
from wagtail_petition.models.signature import Signature

# A text, or a lazy translation.
Label = str | Promise


class Column(Field):
    """A column that shows the signature's field ``source``.

    It needs only that value, so an export can skip creating model instances, which would take
    most of its time. ``bind`` returns a copy with labels in the active language.
    """

    # Turns a value into the cell. None shows the value itself. You can override it as a method.
    render: Callable | None = None

    def __init__(self, label: Label, source: str) -> None:
        super().__init__(attribute=source, column_name=label, readonly=True)
        self.source = source

    @property
    def sources(self) -> tuple[str, ...]:
        """The fields of the signature that the column needs."""
        return (self.source,)

    def bind(self) -> Self:
        """A copy of the column in the active language. You can override this to load labels."""
        bound = copy(self)
        bound.column_name = str(self.column_name)
        return bound

    def get_cell(self, instance: Signature) -> Any:
        """The cell for one signature."""
        value = instance.serializable_value(self.source)
        return value if self.render is None else self.render(value)

    def export(self, instance: Signature, **kwargs: Any) -> Any:
        """The cell for ``Resource.export``. Datetimes are naive, as tablib's XLSX requires."""
        value = self.get_cell(instance)
        is_aware = isinstance(value, datetime) and timezone.is_aware(value)
        return timezone.make_naive(value) if is_aware else value


class JoinedColumn(Column):
    """A column from several ``sources``. ``render`` gets a tuple of their values."""

    sources: tuple[str, ...] = ()

    def __init__(self, label: Label, *sources: str) -> None:
        super().__init__(label, sources[0])
        self.sources = sources

    def get_cell(self, instance: Signature) -> Any:
        return self.render(tuple(instance.serializable_value(name) for name in self.sources))


class PublicNameColumn(JoinedColumn):
    """The public name: the first name and an initial."""

    def __init__(self, label: Label) -> None:
        super().__init__(label, "given_name", "family_name")

    def render(self, values: tuple[str, str]) -> str:
        return public_name(*values)


class RegionColumn(Column):
    """The region where people live: its name in the active language, or what they typed."""

    def bind(self) -> Self:
        bound = super().bind()
        # Few regions, many signatures.
        bound.render = functools.cache(name_residence)
        return bound


class LabelColumn(Column):
    """A column that shows labels instead of values. ``get_labels`` returns {value: label}."""

    def __init__(
        self, label: Label, source: str, get_labels: Callable[[], Mapping[Any, Label]]
    ) -> None:
        super().__init__(label, source)
        self.get_labels = get_labels

    def bind(self) -> Self:
        bound = super().bind()
        bound.labels = {value: str(label) for value, label in self.get_labels().items()}
        return bound

    def render(self, value: Any) -> Any:
        return self.labels.get(value, value)


def yes_or_no() -> dict[bool, str]:
    """The labels of True and False."""
    return {True: _("Yes"), False: _("No")}


class CountryCodeColumn(Column):
    """The two-letter code of a country."""

    render = staticmethod(str)


class CountryNameColumn(LabelColumn):
    """The name of a country."""

    def __init__(self, label: Label, source: str) -> None:
        super().__init__(label, source, lambda: dict(countries))

    def render(self, value: Any) -> Any:
        return self.labels.get(str(value), "")


class AnswerColumn(Column):
    """The answers to one question: texts, numbers, dates, or labels of choices.

    ``labels`` is {choice id: label}, in the export's language if possible.
    """

    def __init__(self, label: Label, question: str, kind: str, labels: dict[str, str]) -> None:
        super().__init__(label, "answers")
        self.question, self.kind, self.labels = question, kind, labels

    def bind(self) -> Self:
        bound = super().bind()
        bound.labels = self.labels | {str(k): v for k, v in yes_or_no().items()}
        return bound

    def render(self, answers: Mapping[str, Any]) -> Any:
        answer = answers.get(self.question)
        if answer in (None, "", []):
            return ""
        if isinstance(answer, list):
            return listed(self.labels.get(item, item) for item in answer)
        if isinstance(answer, bool):
            return self.labels[str(answer)]
        if self.kind == "date":
            return date.fromisoformat(answer)
        if self.kind == "one_choice":
            return self.labels.get(answer, answer)
        return answer
