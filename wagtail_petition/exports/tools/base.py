"""The base of files for other tools: columns, format, and the texts shown to users."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from import_export.fields import Field

from wagtail_petition.exports.base import TableResource
from wagtail_petition.exports.columns import Label
from wagtail_petition.exports.writers import Format, write_tool_csv
from wagtail_petition.models.petition import Petition

from .columns import PetitionColumn

CSV = Format("csv", "text/csv; charset=utf-8", write_tool_csv)


class ToolResource(TableResource):
    """The columns of a file for another tool. Their labels are what the tool calls them.

    ``answers`` are the names of the columns with messages and answers, which are left out unless
    somebody asks for them.
    """

    answers: tuple[str, ...] = ()

    def get_columns(self, wanted: Any = None) -> dict[str, Field]:
        return {
            name: field.of(self.petitions) if isinstance(field, PetitionColumn) else field
            for name, field in super().get_columns(wanted).items()
        }


@dataclass(frozen=True)
class Tool:
    """A tool that imports people, and the file for it.

    ``name`` is of 32 letters and underscores at most. ``takes_everyone`` is whether the file may
    hold people who didn't opt in to updates.
    """

    name: str
    label: Label
    resource: type[ToolResource]
    format: Format = CSV
    takes_everyone: bool = True

    def get_columns(self, *, answers: bool = False) -> list[str]:
        """The names of the columns, with messages and ``answers`` or without."""
        names = self.resource().get_default_columns()
        return [name for name in names if answers or name not in self.resource.answers]


def tag(petition: Petition) -> str:
    """The tag for a petition's signers. Without commas, which separate tags."""
    return f"Petition: {' '.join(petition.title.replace(',', ' ').split())}"


EVERYONE_REFUSED = _(
    "Everybody in this file becomes a subscriber, so it can hold only people who opted in to "
    "updates."
)
