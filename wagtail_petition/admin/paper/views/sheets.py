"""The view that starts typing in a sheet, or opens one that was typed in before."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from wagtail_petition.admin.base import PetitionFormView
from wagtail_petition.admin.paper.forms import SheetForm
from wagtail_petition.clock import local_date, local_time
from wagtail_petition.formats import language_name
from wagtail_petition.formats import number as formatted
from wagtail_petition.imports import typing_in
from wagtail_petition.imports.sheet_texts import get_sheet_texts
from wagtail_petition.models import ImportBatch
from wagtail_petition.moments import day as shown_day

# How many of the newest sheets are shown.
SHOWN = 50


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
        """The texts to choose from: {hash: (text, date since when sheets have shown it)}."""
        return get_sheet_texts(self.petition)

    def get_initial(self):
        # Sheets of one event are usually typed in together.
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
        """The sheet with the form's number, created if it is new; None if there is an error."""
        given = form.cleaned_data
        number = given.pop("number")
        text, _since = self.texts.get(given.pop("text", ""), (None, None))
        if earlier := typing_in.find_sheet(self.petition, number):
            messages.info(self.request, typed_in_message(earlier))
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


def typed_in_message(sheet):
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
