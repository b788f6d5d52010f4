"""The view to type in the lines of a sheet, with or without the script."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button, HeaderButton

from wagtail_petition import ledger
from wagtail_petition.admin.base import PetitionView
from wagtail_petition.countries import countries
from wagtail_petition.formats import number as formatted
from wagtail_petition.home.describe import get_home_names, get_part_labels
from wagtail_petition.imports import batches, typing_in
from wagtail_petition.imports.home_ties import get_choices
from wagtail_petition.imports.report import REFUSED
from wagtail_petition.ledger import ImportResult
from wagtail_petition.models import ImportBatch

# Lines of a printed sheet, and empty lines below the last one.
LINES, MORE = 15, 3
TICK, NEWS = "tick", "wants_news"


@dataclass
class Row:
    """A line as it is shown: what was typed or recorded, and the message on it."""

    line: int | str
    values: dict = field(default_factory=dict)
    saved: str = ""
    message: str = ""
    result: str = ""

    @property
    def is_possible(self):
        """Whether it can be ticked to be added anyway."""
        return self.result == ImportResult.POSSIBLE

    @property
    def state(self):
        """The state for the script: the line is saved, known, a possible duplicate or refused."""
        if self.saved:
            return "saved"
        if self.is_possible:
            return "possible"
        return "refused" if self.result in REFUSED else "known"

    def get_cells(self, columns):
        """(column, value) pairs."""
        return [(column, self.values.get(column.name, "")) for column in columns]


class Column(NamedTuple):
    """A field of a line: its name, label, width in characters, and what can be chosen, if known."""

    name: str
    label: str
    width: int
    choices: Sequence[str] = ()


class SheetView(PetitionView):
    """The lines of a sheet. The script sends each line when it is finished; a form sends all."""

    action = "import"
    template_name = "wagtail_petition/admin/sheet.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        sheets = ImportBatch.objects.filter(petition=self.petition).exclude(sheet="")
        self.sheet = get_object_or_404(
            sheets.select_related("user", "signed_text", "petition"), pk=kwargs["sheet"]
        )
        self.page_title = _("Sheet %(number)s") % {"number": self.sheet.sheet}

    def get_breadcrumbs_items(self):
        *before, this = super().get_breadcrumbs_items()
        url = reverse("petitions:sheet_add", args=[self.petition.pk])
        return [*before, {"url": url, "label": _("Type in sheets")}, this]

    @property
    def header_buttons(self):
        url = reverse("petitions:sheet_add", args=[self.petition.pk])
        return [HeaderButton(_("Next sheet"), url, icon_name="plus", priority=10)]

    @property
    def header_more_buttons(self):
        url = reverse("petition_imports:detail", args=[self.sheet.pk])
        details = Button(_("Details and revert"), url, icon_name="view", priority=5)
        return [details, *super().header_more_buttons]

    @cached_property
    def columns(self):
        """The fields that the sheet asks for."""
        terms = self.petition
        choices, labels = get_choices(terms), get_part_labels(terms)
        columns = [
            Column("given_name", _("First name"), 14),
            Column("family_name", _("Last name"), 14),
            Column("city", _("City"), 12),
            Column("region", _("State or region"), 10),
            Column("postcode", _("Postcode"), 7),
            Column("country", _("Country"), 9, [name for _code, name in countries]),
            *(Column(part, label, 10, choices[part]) for part, label in labels.items()),
            Column("email", _("Email"), 18),
        ]
        return [c for c in columns if getattr(terms, f"ask_{c.name}", "optional") != "no"]

    def post(self, request, *args, **kwargs):
        if self.problem:
            return self.render_to_response(self.get_context_data())
        if "line" in request.POST:
            return self.answer_script(request.POST)
        if "undo" in request.POST:
            line = self.read_line(request.POST["undo"])
            if error := self.undo(line):
                messages.error(request, error)
            return redirect(request.path)
        typed = self.save_all(request.POST)
        if any(row.message for row in typed):
            messages.error(request, _("Some lines were not saved. See the messages beside them."))
            return self.render_to_response(self.get_context_data(typed=typed))
        return redirect(request.path)

    @staticmethod
    def read_line(text):
        if not text.isdecimal() or not 1 <= int(text[:4]) <= typing_in.LINES:
            raise Http404
        return int(text[:4])

    def answer_script(self, data):
        """Save or undo one line. The response is its result as JSON."""
        line = self.read_line(data["line"])
        if "undo" in data:
            error = self.undo(line)
            row = Row(line, message=error or _("Removed."))
            state = "saved" if error else "empty"
        else:
            row = self.save(line, data)
            state = row.state
        return JsonResponse(
            {"state": state, "message": row.saved or row.message, "count": self.count}
        )

    def save_all(self, data):
        """Save all lines that were typed. Returns them as they are shown now."""
        return [
            self.save(line, data)
            for line in range(1, typing_in.LINES + 1)
            if any(data.get(f"{line}-{column.name}", "").strip() for column in self.columns)
        ]

    def save(self, line, data):
        names = [*(column.name for column in self.columns), NEWS]
        values = {name: data.get(f"{line}-{name}", "") for name in names}
        if not self.petition.ask_news:
            values[NEWS] = ""
        saved = typing_in.save_line(
            self.sheet, line, values, is_ticked=bool(data.get(f"{line}-{TICK}"))
        )
        return Row(
            line,
            values,
            saved_label(saved.signature) if saved.signature else "",
            saved.message,
            saved.result,
        )

    def undo(self, line):
        """Take out a line. Returns the reason if it can't be taken out, else ""."""
        try:
            if typing_in.undo_line(self.sheet, line, self.request.user):
                return ""
        except ledger.NotRevertible as error:
            return str(error)
        return _("This line can no longer be undone.")

    @cached_property
    def problem(self):
        """The reason why no line can be added, or ""."""
        if self.sheet.state != ImportBatch.State.DONE:
            return _("This sheet was reverted.")
        return " ".join(batches.problems(self.sheet))

    @property
    def count(self):
        count = self.sheet.count
        text = ngettext("%(count)s signature", "%(count)s signatures", count)
        return text % {"count": formatted(count)}

    def get_rows(self, typed=()):
        """All lines: recorded ones, those that were not saved just now, and empty ones."""
        rows = {row.line: row for row in typed if not row.saved}
        names = [column.name for column in self.columns]
        for line, signature in typing_in.typed_lines(self.sheet).items():
            values = {name: getattr(signature, name) for name in names}
            values["country"] = signature.country.name
            if "region" in values:
                values["region"] = signature.region_name
            values |= get_home_names(signature)
            values[NEWS] = signature.wants_news
            rows[line] = Row(line, values, saved_label(signature))
        last = min(max(LINES, max(rows, default=0) + MORE), typing_in.LINES)
        return self.with_cells([rows.get(line) or Row(line) for line in range(1, last + 1)])

    def with_cells(self, rows):
        return [(row, row.get_cells(self.columns)) for row in rows]

    def get_context_data(self, typed=(), **kwargs):
        default = self.sheet.options.get("default_country", "")
        return {
            **super().get_context_data(**kwargs),
            "sheet": self.sheet,
            "day": parse_date(self.sheet.options.get("default_date", "")),
            "problem": self.problem,
            "columns": self.columns,
            "asks_news": self.petition.ask_news,
            "rows": self.get_rows(typed),
            # For the script, which puts the line's number.
            "next_row": self.with_cells([Row("__line__")])[0],
            "lines": typing_in.LINES,
            "count": self.count,
            "default_country": dict(countries).get(default, ""),
        }


def saved_label(signature):
    """The note beside a saved line."""
    if signature.number is None:
        return str(signature.get_status_display())
    return _("Saved, no. %(number)s") % {"number": formatted(signature.number)}
