"""The view that starts typing in a sheet, or opens one that was typed in before."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from wagtail_petition.access.dates import VALIDATORS
from wagtail_petition.admin.base import PetitionFormView
from wagtail_petition.clock import local_date, local_time
from wagtail_petition.countries import countries
from wagtail_petition.formats import language_name
from wagtail_petition.formats import number as formatted
from wagtail_petition.identity.names import clean_name
from wagtail_petition.identity.sheet_numbers import MOST, WrongNumber, read_number
from wagtail_petition.imports import typing_in
from wagtail_petition.imports.sheet_texts import get_sheet_texts
from wagtail_petition.models import ImportBatch
from wagtail_petition.moments import day as shown_day

# How many of the newest sheets are shown.
SHOWN = 50


class SheetForm(forms.Form):
    """What is the same for all lines of a sheet. ``texts`` are {hash: label} of its sheets."""

    number = forms.CharField(
        label=gettext_lazy("Number of the sheet"),
        max_length=MOST,
        help_text=gettext_lazy(
            "It’s below the QR code. For a photocopy, add /2, /3 and so on. Without a printed "
            "number, write one on the sheet and enter that."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "autofocus": True}),
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=100, required=False)
    day = forms.DateField(
        label=gettext_lazy("Date"),
        widget=AdminDateInput,
        validators=VALIDATORS,
        help_text=gettext_lazy("When the sheet was signed: the last day, if it was several."),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        required=False,
        help_text=gettext_lazy("Of people who wrote none."),
    )
    text = forms.ChoiceField(
        label=gettext_lazy("Text on the sheet"),
        help_text=gettext_lazy(
            "Only for sheets without a printed number of four groups, such as K7Q-D4M-2XB-H9P: "
            "those tell the text that people signed."
        ),
    )

    def __init__(self, *args, texts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "—"), *countries]
        self.fields["text"].choices = list(texts.items())
        if len(texts) < 2:
            del self.fields["text"]

    def clean_number(self):
        try:
            return read_number(self.cleaned_data["number"])
        except WrongNumber as error:
            raise ValidationError(
                _("A character is wrong. Compare the number with the sheet.")
            ) from error

    def clean_place(self):
        return clean_name(self.cleaned_data["place"], _("Place"))

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > local_date():
            raise ValidationError(_("The date can’t be in the future."))
        return day


class SheetAddView(PetitionFormView):
    """Asks for the number, place and date of a sheet, then opens the sheet."""

    action = "import"
    page_title = gettext_lazy("Type in sheets")
    template_name = "wagtail_petition/admin/sheet_add.html"
    form_class = SheetForm
    submit_button_label = gettext_lazy("Continue")

    @cached_property
    def sheets(self):
        """The sheets that were typed in, newest first."""
        sheets = ImportBatch.objects.filter(petition=self.petition).exclude(sheet="")
        return sheets.select_related("user", "signed_text")

    @cached_property
    def texts(self):
        """{hash: (text, since when sheets have shown it)}."""
        return get_sheet_texts(self.petition)

    def get_initial(self):
        # Sheets of one event are typed in one after another.
        last = self.sheets.filter(user=self.request.user).first()
        if last is None:
            return {"day": local_date()}
        return {
            "place": last.place,
            "day": last.options.get("default_date"),
            "country": last.options.get("default_country"),
            "text": last.signed_text.sha256 if last.signed_text else "",
        }

    def get_form_kwargs(self):
        texts = {key: describe_text(*found) for key, found in self.texts.items()}
        return {**super().get_form_kwargs(), "texts": texts}

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if form.is_valid() and (opened := self.open(form)):
            return self.redirect("petitions:sheet", self.petition.pk, opened.pk)
        return self.render_to_response(self.get_context_data(form=form))

    def open(self, form):
        """The sheet that the form is about; None with an error in the form."""
        given = form.cleaned_data
        number = given.pop("number")
        text, _since = self.texts.get(given.pop("text", ""), (None, None))
        if earlier := typing_in.find_sheet(self.petition, number):
            messages.info(self.request, said_before(earlier))
            return earlier
        if imported := typing_in.find_file(self.petition, number):
            form.add_error(
                "number",
                _("This sheet was imported with the file “%(file)s”.")
                % {"file": imported.file_name},
            )
            return None
        try:
            return typing_in.open_sheet(
                self.petition, number, text=text, user=self.request.user, **given
            )
        except ValueError as error:
            form.add_error("number", str(error))
            return None

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "sheets": self.sheets[:SHOWN]}


def describe_text(text, since):
    """The label of a text that sheets show, or have shown since a date."""
    label = _("%(title)s (%(language)s, on the printed sheet)")
    if since:
        label = _("%(title)s (%(language)s, since %(date)s)")
    return label % {
        "title": text.title,
        "language": language_name(text.language),
        "date": shown_day(since) if since else "",
    }


def said_before(sheet):
    """The message on who typed in a sheet, and when."""
    text = ngettext(
        "Sheet %(number)s was typed in by %(user)s on %(date)s: %(count)s signature. You can add "
        "to it.",
        "Sheet %(number)s was typed in by %(user)s on %(date)s: %(count)s signatures. You can add "
        "to it.",
        sheet.count,
    )
    return text % {
        "number": sheet.sheet,
        "user": sheet.user or _("a former user"),
        "date": shown_day(local_time(sheet.created_at)),
        "count": formatted(sheet.count),
    }
