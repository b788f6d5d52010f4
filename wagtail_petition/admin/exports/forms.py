"""The forms of exports: the format, the columns, and who is in files for other tools."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition.exports.columns import AnswerColumn
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.exports.tools import find_tool, get_tools
from wagtail_petition.exports.tools.base import EVERYONE_REFUSED

# The formats of tables with columns to choose.
TABLES = [
    ("xlsx", gettext_lazy("Excel (XLSX)")),
    ("ods", gettext_lazy("OpenDocument (ODS)")),
    ("csv", gettext_lazy("CSV")),
    ("jsonl", gettext_lazy("JSON Lines (for developers)")),
]
# Columns that aren't selected by default.
LEFT_OUT = {"email"}


class ExportForm(forms.Form):
    """Chooses the format and the columns, and a name to save these as a preset."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Files for other tools are for importing there, not for a spreadsheet: texts stay "
            "exactly as people typed them, and a spreadsheet may run them as formulas."
        ),
    )
    everyone = forms.BooleanField(
        label=gettext_lazy("Include people who did not opt in to updates"),
        required=False,
        help_text=gettext_lazy(
            "For other tools only. Tick it only if these people agreed elsewhere: most tools email "
            "everybody in the file, and Action Network accepts only people who opted in. People "
            "who withdrew, were invalidated, unsubscribed or have no email are never included."
        ),
    )
    answers = forms.BooleanField(
        label=gettext_lazy("Include messages and answers"),
        required=False,
        help_text=gettext_lazy("For Action Network and OSDI, if the tool needs them."),
    )
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Include only what the recipient of the file needs. Files for other tools have columns "
            "of their own."
        ),
    )
    preset_name = forms.CharField(
        label=gettext_lazy("Save these columns as a preset"),
        max_length=100,
        required=False,
        help_text=gettext_lazy(
            "A name, like “Newsletter”. Presets are offered for exports and deliveries."
        ),
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("Share the preset with other users"), required=False
    )

    def __init__(self, *args, petitions, chosen=(), **kwargs):
        super().__init__(*args, **kwargs)
        choices = {}
        for name, field in get_signature_resource(petitions=petitions).fields.items():
            if isinstance(field, AnswerColumn):
                choices["answers"] = _("Answers to questions")
            else:
                choices[name] = field.column_name
        # The chosen columns in their order, then the others.
        chosen = [name for name in chosen if name in choices]
        chosen = chosen or [name for name in choices if name not in LEFT_OUT]
        self.fields["columns"].choices = [
            (name, choices[name]) for name in dict.fromkeys([*chosen, *choices])
        ]
        self.fields["columns"].initial = chosen
        tools = [(tool.name, tool.label) for tool in get_tools().values()]
        self.fields["format"].choices = [
            (_("For spreadsheets and programs"), TABLES),
            (_("For import into other tools"), tools),
        ]
        self.fields["format"].initial = "xlsx"
        if find_tool(self.data.get("format", "")):
            # A tool's columns are fixed.
            self.fields["columns"].required = False

    @property
    def tool(self):
        """The chosen ``Tool``, or None if the format is for spreadsheets or programs."""
        return find_tool(self.cleaned_data.get("format", ""))

    def clean(self):
        super().clean()
        if self.tool and self.cleaned_data.get("everyone") and not self.tool.takes_everyone:
            self.add_error("everyone", EVERYONE_REFUSED)

    def get_options(self):
        """The format, the columns and ``everyone``, as exports take them."""
        chosen, tool = self.cleaned_data, self.tool
        return {
            "format": chosen["format"],
            "columns": tool.get_columns(answers=chosen["answers"]) if tool else chosen["columns"],
            "everyone": bool(tool and chosen["everyone"]),
        }
