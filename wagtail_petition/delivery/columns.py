"""The columns of deliveries: presets, advice for choosing, and the rows."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wagtail_petition.background.failures import Failure
from wagtail_petition.clock import local_time
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.formats import number
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.signature import Signature
from wagtail_petition.moments import written_date


class Preset(NamedTuple):
    """A named selection of columns. With ``public``, only signers with a public name."""

    label: Any
    help_text: Any
    columns: tuple[str, ...]
    public: bool = False


# The columns of all questions.
ANSWERS = "answers"

PRESETS = {
    "names": Preset(
        _("Names and towns"),
        _("Enough for most recipients: who signed, and where they live."),
        ("number", "given_name", "family_name", "city", "country", "confirmed_at"),
    ),
    "public": Preset(
        _("Public names only"),
        _("First name and initial of signers with a public name. Safe to publish."),
        ("number", "public_name", "country"),
        public=True,
    ),
    "constituency": Preset(
        _("By constituency"),
        _("Names with where people live and where they vote, for those who represent them."),
        (
            *("number", "given_name", "family_name", "city", "country"),
            *("home_region", "home_district", "confirmed_at"),
        ),
    ),
    "authority": Preset(
        _("Full list (verification)"),
        _("With postcodes, regions and answers, for an authority that checks signatures."),
        (
            *("number", "given_name", "family_name", "postcode", "city", "region"),
            *("country", ANSWERS, "confirmed_at"),
        ),
    ),
}

# Advice shown in the wizard on columns that identify people or are sensitive.
ADVICE = {
    "email": _("Rarely needed, and lets the recipient contact signers directly."),
    "postcode": _("Can identify a household. Include only if required."),
    "message": _("Review messages before you share them."),
    ANSWERS: _("Answers may say more about a person than the signature does."),
    "wants_news": _("For internal use."),
    "source": _("For internal use."),
    "language": _("May reveal a signer’s origin."),
}


# Columns of every row: the number identifies a signature, the breakdown needs the country.
ALWAYS = ("number", "country")
PLACE = ("city", "region", "country")


class Printed(NamedTuple):
    """A printed column, made from one or more columns of the table."""

    label: Any
    columns: tuple[str, ...]
    width: float
    render: Callable[[Sequence[Any]], str]


class DeliveryTable:
    """The rows of a delivery, for tables and for print."""

    def __init__(self, delivery: Delivery) -> None:
        wanted = {*delivery.columns, *ALWAYS}
        resource = get_signature_resource(petitions=[delivery.petition], language=delivery.language)
        if missing := wanted - resource.fields.keys() - {ANSWERS}:
            raise Failure(
                _("There are no columns named %(names)s.") % {"names": ", ".join(sorted(missing))}
            )
        names = [
            name
            for name in resource.fields
            if name in wanted or (ANSWERS in wanted and name.startswith("answer_"))
        ]
        self._resource = get_signature_resource(
            petitions=[delivery.petition], language=delivery.language, columns=names
        )
        self._at = {name: position for position, name in enumerate(names)}
        self._printed = self._printed_parts()

    def _printed_parts(self) -> list[Printed]:
        """The printed columns. Each holds one or more columns of the table."""
        parts = [part for part in PRINTED if any(name in self._at for name in part.columns)]
        placed = {name for part in parts for name in part.columns}
        labels = dict(zip(self._at, self.header, strict=True))
        own = [
            Printed(label, (name,), 2, lambda values: _printable(values[0]))
            for name, label in labels.items()
            if name not in placed
        ]
        # The message is the longest, so it stays last.
        at = len(parts) - (parts[-1].columns == ("message",))
        return [*parts[:at], *own, *parts[at:]]

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self._at)

    @property
    def header(self) -> list[str]:
        """The labels of the columns in the delivery's language."""
        return [str(field.column_name) for field in self._resource.get_export_fields()]

    def rows(self, signatures: QuerySet[Signature]) -> Iterator[list[Any]]:
        """Yield a row for each signature of a queryset."""
        return self._resource.get_rows(signatures)

    def rows_with(
        self, signatures: QuerySet[Signature], *names: str
    ) -> Iterator[tuple[list[Any], Sequence[Any]]]:
        """Yield (row, values) for each signature; ``names`` are the fields to give values of."""
        return self._resource.get_rows_with(signatures, *names)

    def get(self, row: list[Any], name: str) -> Any:
        """The value of a column in a row, or "" if the delivery has no such column."""
        return row[self._at[name]] if name in self._at else ""

    def names_where(self, row: list[Any], holds: Callable[[Any], bool]) -> list[str]:
        """The names of the columns for whose values in a row the function ``holds`` is true."""
        return [name for name, position in self._at.items() if holds(row[position])]

    @property
    def printed_columns(self) -> list[tuple[str, float]]:
        """(label, width) of each printed column. Width 0 is as narrow as possible."""
        return [(str(part.label), part.width) for part in self._printed]

    def printed(self, row: list[Any]) -> list[str]:
        """The texts of a row in print."""
        return [
            part.render([self.get(row, name) for name in part.columns]) for part in self._printed
        ]


def _printable(value: Any) -> str:
    """A value as text for print."""
    if isinstance(value, datetime):
        return written_date(local_time(value))
    if isinstance(value, date):
        return written_date(value)
    return "" if value is None else str(value)


def _join(separator: str) -> Callable[[Sequence[Any]], str]:
    return lambda values: separator.join(str(value) for value in values if value)


PRINTED = [
    Printed(_("No."), ("number",), 0, lambda values: number(values[0])),
    Printed(_("Name"), ("given_name", "family_name"), 3, _join(" ")),
    Printed(_("Public name"), ("public_name",), 3, _join("")),
    Printed(_("Place"), ("postcode", *PLACE), 3, _join(", ")),
    Printed(_("Email"), ("email",), 3, _join("")),
    Printed(_("Date"), ("confirmed_at",), 2, lambda values: _printable(values[0])),
    Printed(_("Message"), ("message",), 4, _join("")),
]
