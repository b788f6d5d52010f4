"""Handing out signatures as a file: asked for, made, logged, and only then given."""

import tempfile
from collections import Counter
from contextlib import ExitStack
from datetime import date

from django import forms
from django.db import transaction
from django.db.models import F
from django.http import FileResponse, Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from wagtail_petition.exchange.columns import AnswerColumn
from wagtail_petition.exchange.resources import get_signature_resource
from wagtail_petition.exchange.writers import FORMATS, write_open_file

from .filters import Selection
from .permissions import has_permission


def export(queryset, petitions, *, format, columns=None, selected=None):
    """An open file with the signatures of ``queryset``, logged for each of ``petitions``.

    ``columns`` are names of ``SignatureResource``, ``selected`` says for the log which signatures
    were asked for. If the log can't be written there is no file.
    """
    petitions = [p for p in petitions if queryset.filter(petition=p).exists()] or list(petitions)
    resource = get_signature_resource(petitions=petitions, columns=columns)
    ordered = queryset.order_by("petition", F("number").asc(nulls_last=True), "pk")
    counts = Counter()

    def rows():
        for row, (petition,) in resource.get_rows_with(ordered, "petition"):
            counts[petition] += 1
            yield row

    with ExitStack() as closing:
        file = closing.enter_context(tempfile.TemporaryFile())
        header, options = resource.get_frame(FORMATS[format])
        written = write_open_file(file, format, header, rows(), **options)
        with transaction.atomic():
            for petition in petitions:
                data = {
                    "format": format,
                    "rows": counts[petition.pk],
                    "sha256": written.sha256,
                    "filter": selected or {},
                    "columns": list(resource.fields),
                }
                log(petition, "wagtail_petition.export", data=data)
        closing.pop_all()
        return file


def export_response(file, petitions, format):
    """A download of what ``export`` made."""
    kind = FORMATS[format]
    title = slugify(petitions[0].title) if len(petitions) == 1 else ""
    name = "-".join(filter(None, [str(_("signatures")), title, date.today().isoformat()]))
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{name}.{kind.extension}",
        content_type=kind.media_type,
    )


class ExportForm(forms.Form):
    """As what, and which columns."""

    format = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=[
            ("xlsx", gettext_lazy("XLSX, for Excel, LibreOffice and the like")),
            ("ods", gettext_lazy("ODS, for LibreOffice and other free programs")),
            ("csv", gettext_lazy("CSV, for other programs")),
            ("jsonl", gettext_lazy("JSON lines, for programs of your own")),
        ],
        widget=forms.RadioSelect,
    )
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Leave out what whoever gets the file does not need."),
    )

    def __init__(self, *args, petitions, **kwargs):
        super().__init__(*args, **kwargs)
        choices = {}
        for name, field in get_signature_resource(petitions=petitions).fields.items():
            if isinstance(field, AnswerColumn):
                choices["answers"] = _("Answers to questions")
            else:
                choices[name] = field.column_name
        self.fields["columns"].choices = list(choices.items())
        self.fields["columns"].initial = list(choices)
        self.fields["format"].initial = "xlsx"


class ExportView(WagtailAdminTemplateMixin, FormView):
    """Asks for the columns, then gives a file with what the list's filter shows."""

    template_name = "wagtail_petition/admin/signature_export.html"
    page_title = gettext_lazy("Export signatures")
    header_icon = "download"
    form_class = ExportForm

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if not has_permission(request.user, "export"):
            raise Http404
        self.selection = Selection(request)

    @cached_property
    def petitions(self):
        return list(self.selection.petitions.order_by("pk"))

    @property
    def list_url(self):
        """The list with the same filter."""
        return f"{reverse('petition_signatures:index')}?{self.selection.query}"

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": self.list_url, "label": _("Signatures")},
            {"url": "", "label": self.page_title},
        ]

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "petitions": self.petitions}

    def get_initial(self):
        asked = self.request.GET.get("format")
        return {"format": asked} if asked in FORMATS else {}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["count"] = self.selection.queryset.count()
        return context

    def form_valid(self, form):
        chosen = form.cleaned_data
        file = export(
            self.selection.queryset,
            self.petitions,
            format=chosen["format"],
            columns=chosen["columns"],
            selected=self.selection.describe(),
        )
        return export_response(file, self.petitions, chosen["format"])
