"""The forms of the first two steps: the file, how it is read, and the meanings of its columns."""

from django import forms
from django.conf import settings as django_settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.localization import get_available_admin_time_zones

from wagtail_petition.admin.choose_petition import ChoosePetitionForm
from wagtail_petition.countries import countries
from wagtail_petition.imports import mapping as mappings
from wagtail_petition.imports import presets
from wagtail_petition.imports.mapping import ANSWER, MEANINGS, Mapping, Options
from wagtail_petition.imports.reading import DELIMITERS, ENCODINGS, Inspection, Layout
from wagtail_petition.imports.reading.files import TEXT_KINDS
from wagtail_petition.models import ImportBatch

KINDS = {
    "csv": gettext_lazy("Table in a text file (CSV, TSV)"),
    "json": gettext_lazy("JSON"),
    "jsonl": gettext_lazy("JSON lines"),
    "xlsx": gettext_lazy("Excel (XLSX)"),
    "ods": gettext_lazy("OpenDocument (ODS)"),
}
DELIMITER_LABELS = {
    ",": gettext_lazy("Comma"),
    ";": gettext_lazy("Semicolon"),
    "\t": gettext_lazy("Tab"),
    "|": gettext_lazy("Vertical bar"),
}
# Forms strip a tab from a value.
TAB = "tab"
ORDERS = {
    "dmy": gettext_lazy("Day first: 31/12/2026"),
    "mdy": gettext_lazy("Month first: 12/31/2026"),
    "ymd": gettext_lazy("Year first: 2026-12-31"),
}


class FileForm(ChoosePetitionForm):
    """Step one: the file, and the petition if the user has several."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        # We have our own message for empty files.
        allow_empty_file=True,
        help_text=gettext_lazy(
            "A list of signatures: CSV, TSV, Excel (XLSX), OpenDocument (ODS) or JSON, in any "
            "encoding. Nothing is imported before you have checked it."
        ),
    )

    def __init__(self, *args, petitions, **kwargs):
        super().__init__(*args, petitions=petitions, **kwargs)
        only = list(petitions[:2])
        if len(only) == 1:
            del self.fields["petition"]
            self.only = only[0]

    def get_petition(self):
        """The chosen petition, or the only one."""
        return self.cleaned_data.get("petition") or self.only


class LayoutForm(forms.Form):
    """How the file is read. Only what can be chosen for its kind is a field."""

    preset = forms.ChoiceField(
        label=gettext_lazy("Where the file is from"),
        required=False,
        help_text=gettext_lazy("Decides what the columns become, if you don’t choose otherwise."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of file"))
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        choices=list(ENCODINGS.items()),
        help_text=gettext_lazy("Choose another if letters look wrong."),
    )
    delimiter = forms.ChoiceField(
        label=gettext_lazy("Columns are separated by"),
        choices=[(TAB if d == "\t" else d, DELIMITER_LABELS[d]) for d in DELIMITERS],
    )
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)

    def __init__(self, batch: ImportBatch, inspection: Inspection, data=None):
        self.batch, self.used = batch, inspection.layout
        used = self.used
        super().__init__(
            data,
            initial={
                "preset": batch.preset,
                "kind": used.kind,
                "encoding": used.encoding,
                "delimiter": TAB if used.delimiter == "\t" else used.delimiter,
                "sheet": used.sheet or next(iter(inspection.sheets), ""),
            },
        )
        self.fields["preset"].choices = [
            ("", _("Another program")),
            *presets.get_presets().items(),
        ]
        is_text = used.kind in TEXT_KINDS
        self.fields["kind"].choices = [
            (kind, KINDS[kind]) for kind in (TEXT_KINDS if is_text else (used.kind,))
        ]
        self.fields["sheet"].choices = [(name, name) for name in inspection.sheets]
        if used.kind != "csv":
            del self.fields["encoding"], self.fields["delimiter"]
        if len(inspection.sheets) < 2:
            del self.fields["sheet"]
        if not is_text:
            self.fields["kind"].disabled = True

    @property
    def layout(self) -> Layout:
        """The chosen ``Layout``. If another kind was chosen, the other fields are guessed again."""
        chosen = self.cleaned_data
        if chosen["kind"] != self.used.kind:
            return Layout(chosen["kind"])
        delimiter = chosen.get("delimiter", "")
        sheet = chosen.get("sheet", self.used.sheet)
        return Layout(
            chosen["kind"],
            chosen.get("encoding", self.used.encoding),
            "\t" if delimiter == TAB else delimiter,
            # The first sheet is read if none is named.
            sheet if "sheet" in self.changed_data else self.used.sheet,
        )


class ColumnsForm(forms.Form):
    """The meaning of each column, and how its dates and names are read.

    The field of column n is ``column-n``. The hidden field ``headings`` shows whether the file has
    been read in another way since (``is_outdated``).
    """

    headings = forms.CharField(widget=forms.HiddenInput)
    date_order = forms.ChoiceField(label=gettext_lazy("Order of dates"), required=False)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Of times without one."),
    )
    name_split = forms.ChoiceField(
        label=gettext_lazy("First and last name in one column"),
        choices=[
            ("last_blank", gettext_lazy("The last word is the last name")),
            ("none", gettext_lazy("Don’t split: all of it is the first name")),
        ],
        help_text=gettext_lazy("“Rossi, Maria” is split at the comma."),
    )
    distrusts_country = forms.BooleanField(required=False)

    def __init__(self, batch: ImportBatch, inspection: Inspection, data=None):
        self.batch, self.inspection = batch, inspection
        self.options = options = Options(**batch.options)
        self.preset = presets.get_preset(batch.preset)
        current = Mapping(batch.mapping, preset=self.preset)
        self.found_order = mappings.date_order(inspection, current)
        is_found = options.date_order in ("", "?", self.found_order)
        zones = dict.fromkeys([django_settings.TIME_ZONE, *get_available_admin_time_zones()])
        super().__init__(
            data,
            initial={
                "headings": mappings.headings_sha256(inspection.headings),
                "date_order": "" if is_found else options.date_order,
                "time_zone": options.time_zone or django_settings.TIME_ZONE,
                "name_split": options.name_split,
                "distrusts_country": bool(options.distrusted_country),
            },
        )
        found = ORDERS.get(self.found_order)
        self.fields["date_order"].choices = [
            ("", _("As found (%(order)s)") % {"order": found} if found else _("Choose…")),
            *((order, label) for order, label in ORDERS.items() if order != "ymd"),
        ]
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]
        self._leave_out()
        self._add_columns()

    def _leave_out(self):
        """Remove the fields that don't apply to this file."""
        orders = {column.date_order for column in self.inspection.columns}
        if orders.isdisjoint(("dmy", "mdy", "?")):
            del self.fields["date_order"]
        if orders == {""}:
            del self.fields["time_zone"]
        if self.preset and (country := self.preset.filled_in_country):
            self.fields["distrusts_country"].label = _(
                "Ignore the country %(country)s, which %(source)s fills in for people who gave none"
            ) % {"country": countries.name(country), "source": self.preset.label}
        else:
            del self.fields["distrusts_country"]

    def _add_columns(self):
        questions = mappings.question_labels(self.batch.petition)
        choices: list = [("", _("Leave out")), *MEANINGS.items()]
        if questions:
            answers = [(f"{ANSWER}{pk}", label) for pk, label in questions.items()]
            choices.append((_("Answers to questions"), answers))
        known = {*MEANINGS, *(f"{ANSWER}{pk}" for pk in questions)}
        for number, heading in enumerate(self.inspection.headings):
            meaning = self.batch.mapping.get(heading, "")
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=_("What becomes of “%(heading)s”") % {"heading": heading},
                choices=choices,
                required=False,
                initial=meaning if meaning in known else "",
            )

    @property
    def is_outdated(self) -> bool:
        """Whether the form was made before the file was read in another way."""
        return self.data.get("headings") != self.initial["headings"]

    @property
    def columns(self) -> dict[str, str]:
        """The chosen meanings: {heading: meaning}. Invalid choices are left out."""
        return {
            heading: self.cleaned_data.get(f"column-{number}", "")
            for number, heading in enumerate(self.inspection.headings)
        }

    @property
    def rows(self):
        """(column, its field, the suggested meaning or None) for each column, for the template."""
        proposed = mappings.propose(self.inspection, self.batch.petition, self.batch.preset)
        return [
            (
                column,
                self[f"column-{number}"],
                MEANINGS.get(proposed.suggested.get(column.heading, "")),
            )
            for number, column in enumerate(self.inspection.columns)
        ]

    @property
    def whole_file(self):
        """The fields that apply to the whole file."""
        names = ("date_order", "time_zone", "name_split", "distrusts_country")
        return [self[name] for name in names if name in self.fields]

    def clean(self):
        cleaned = super().clean()
        columns = self.columns
        for meaning in mappings.repeated(columns):
            label = mappings.describe_meaning(
                meaning, mappings.question_labels(self.batch.petition)
            )
            numbers = [n for n, chosen in enumerate(columns.values()) if chosen == meaning]
            for number in numbers[1:]:
                self.add_error(
                    f"column-{number}",
                    _("Another column is “%(meaning)s” too. Leave one of them out.")
                    % {"meaning": label},
                )
        if not self.errors:
            self._clean_as_a_whole(columns)
        return cleaned

    def _clean_as_a_whole(self, columns):
        mapping = Mapping(columns, preset=self.preset)
        for problem in mappings.problems(mapping, self.batch.mode):
            self.add_error(None, problem)
        if not self.cleaned_data.get("date_order") and (
            mappings.date_order(self.inspection, mapping) == "?"
        ):
            self.add_error("date_order", mappings.ambiguous_dates())

    def get_options(self) -> Options:
        """The chosen ``Options``, on top of the batch's own."""
        chosen, options = self.cleaned_data, self.options
        options.date_order = chosen.get("date_order", "")
        options.time_zone = chosen.get("time_zone", options.time_zone)
        options.name_split = chosen["name_split"]
        options.distrusted_country = ""
        if self.preset and chosen.get("distrusts_country"):
            options.distrusted_country = self.preset.filled_in_country
        return options
