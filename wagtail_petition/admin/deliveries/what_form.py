"""Step two of creating a delivery: what the recipient sees."""

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition.delivery import pdf
from wagtail_petition.delivery.breakdowns import countable_questions
from wagtail_petition.delivery.columns import ADVICE, ANSWERS, PRESETS
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.extras import has_extra
from wagtail_petition.formats import language_name
from wagtail_petition.models import Delivery

CUSTOM = "custom"
# Columns that can't be chosen: status and petition are the same in all rows, and messages have
# their own checkbox.
NO_CHOICE = ("status", "petition", "message")


class WhatForm(forms.Form):
    """Step two: what the recipient sees."""

    language = forms.ChoiceField(label=gettext_lazy("Language of the documents"))
    preset = forms.ChoiceField(label=gettext_lazy("Columns"), widget=forms.RadioSelect)
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Custom columns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    messages = forms.BooleanField(
        label=gettext_lazy("Include messages"),
        required=False,
        help_text=ADVICE["message"],
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Sort by"), choices=Delivery.Order.choices, widget=forms.RadioSelect
    )
    formats = forms.MultipleChoiceField(
        label=gettext_lazy("Files"), widget=forms.CheckboxSelectMultiple
    )
    paper = forms.ChoiceField(
        label=gettext_lazy("Paper size"), choices=Delivery.Paper.choices, widget=forms.RadioSelect
    )
    cover_letter = forms.CharField(
        label=gettext_lazy("Cover letter"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    breakdowns = forms.MultipleChoiceField(
        label=gettext_lazy("Summarise answers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Adds a table of answers to the cover letter."),
    )

    def __init__(self, delivery, pages, data=None, *, presets=(), **kwargs):
        """``delivery`` is unsaved, with the choices of step one.

        ``presets`` are the user's ``ColumnPreset`` objects, offered after the built-in ones.
        """
        super().__init__(data, **kwargs)
        petition, public = delivery.petition, delivery.filters.get("public")
        self.saved = {f"preset-{preset.pk}": preset for preset in presets}
        self.fields["language"].choices = [
            (page.language, language_name(page.language)) for page in pages
        ]
        fields = get_signature_resource(petitions=[petition]).fields
        self.fields["preset"].choices = [
            *(
                (name, _("%(label)s: %(help)s") % {"label": preset.label, "help": preset.help_text})
                for name, preset in PRESETS.items()
                # Only petitions that ask where people vote have these columns.
                if name != "constituency" or "home_region" in fields
            ),
            *((name, preset.name) for name, preset in self.saved.items()),
            (CUSTOM, _("Custom")),
        ]
        self.fields["preset"].initial = "public" if public else "names"
        names = {}
        for name, field in fields.items():
            if name.startswith("answer_"):
                names[ANSWERS] = _("Answers to questions")
            elif name not in NO_CHOICE:
                names[name] = field.column_name
        self.fields["columns"].choices = list(names.items())
        formats = [("csv", "CSV"), ("xlsx", "XLSX")]
        if has_extra("pdf"):
            formats.insert(0, ("pdf", _("PDF, with a cover letter")))
            questions = countable_questions(petition)
        else:
            questions = {}
            self.fields["formats"].help_text = pdf.NO_PDF
        self.fields["formats"].choices = formats
        self.fields["formats"].initial = [name for name, _label in formats]
        self.fields["breakdowns"].choices = [(pk, q.column_name) for pk, q in questions.items()]
        if not questions:
            del self.fields["breakdowns"]
        self.fields["order"].initial = Delivery.Order.NUMBER
        self.fields["paper"].initial = Delivery.Paper.A4
        with translation.override(pages[0].language):
            self.fields["cover_letter"].initial = pdf.default_cover_letter(delivery)

    @property
    def advised_columns(self):
        """The checkboxes of the columns with advice: (checkbox, advice) pairs."""
        return [(box, ADVICE.get(str(box.data["value"]), "")) for box in self["columns"]]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        is_custom = cleaned.get("preset") == CUSTOM
        if is_custom and not cleaned.get("columns"):
            self.add_error("columns", _("Choose at least one column."))
        if not is_custom and cleaned.get("columns"):
            error = _("Choose “Custom” above to deliver these columns, or untick them.")
            self.add_error("columns", error)
        return cleaned

    def apply(self, delivery):
        """Set the choices on an unsaved delivery."""
        chosen = self.cleaned_data
        if chosen["preset"] == CUSTOM:
            delivery.columns = chosen["columns"]
        else:
            saved = self.saved.get(chosen["preset"])
            preset = saved or PRESETS[chosen["preset"]]
            known = set(dict(self.fields["columns"].choices))
            delivery.columns = [name for name in preset.columns if name in known]
            if not saved and preset.public:
                delivery.filters = delivery.filters | {"public": True}
        if chosen["messages"]:
            delivery.columns = [*delivery.columns, "message"]
        for name in ("language", "order", "formats", "paper", "cover_letter"):
            setattr(delivery, name, chosen[name])
        delivery.breakdowns = chosen.get("breakdowns", [])
