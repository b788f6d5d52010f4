"""The first steps of adding an import: the file, its columns, the text signed."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_petition import ledger
from wagtail_petition.admin.choose_petition import ChoosePetitionView
from wagtail_petition.admin.imports.forms import ColumnsForm, FileForm, LayoutForm
from wagtail_petition.admin.imports.text_form import TextForm
from wagtail_petition.imports import batches, run
from wagtail_petition.imports import mapping as mappings
from wagtail_petition.imports.mapping import Mapping, Options
from wagtail_petition.imports.reading import Unreadable
from wagtail_petition.models import ImportBatch

from .base import STEPS, State, StepView, wants_text

READ_AGAIN = gettext_lazy("The file has been read again. Check the columns.")
CORRECT = gettext_lazy("Correct what is marked below. Your other choices are kept.")


class AddView(ChoosePetitionView):
    """Step one: the file, and its petition. Stores the file in a draft."""

    action = "import"
    page_title = gettext_lazy("Add import")
    header_icon = "upload"
    viewset = "petition_imports"
    index_label = gettext_lazy("Imports")
    form_class = FileForm
    template_name = "wagtail_petition/admin/import_file.html"
    submit_button_label = gettext_lazy("Next")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.asked = request.GET.get("petition", "")
        if self.asked:
            pk = int(self.asked) if self.asked.isascii() and self.asked.isdecimal() else 0
            found = self.petitions.filter(pk=pk) if pk < 2**63 else self.petitions.none()
        else:
            found = self.petitions
        found = found[:2]
        if not found:
            raise Http404
        # The spreadsheet for paper sheets depends on the petition.
        self.paper_petition = found[0] if len(found) == 1 else None

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data())

    def get_initial(self):
        return {"petition": self.asked} if self.asked else {}

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "steps": list(STEPS.items()),
            "step": "add",
            "paper_petition": self.paper_petition,
        }

    def form_valid(self, form):
        file, petition = form.cleaned_data["file"], form.get_petition()
        try:
            batch = batches.create(petition, file, file.name, self.request.user)
        except Unreadable as error:
            return self.refuse(form, error)
        try:
            inspection = batches.look_into(batch, seconds=batches.SECONDS)
        except Unreadable as error:
            batches.delete_draft(batch)
            return self.refuse(form, error)
        mapping = mappings.propose(inspection, petition)
        batches.describe(batch, inspection, mapping)
        batch.save()
        self.tell(batch, mapping)
        return redirect("petition_imports:columns", batch.pk)

    def refuse(self, form, error):
        form.add_error("file", str(error))
        return self.form_invalid(form)

    def tell(self, batch, mapping):
        """Show messages on what else is known about the file."""
        if mapping.is_remembered:
            text = _("The columns are those you chose for an earlier file with the same headings.")
            messages.info(self.request, text)
        same = ImportBatch.objects.filter(petition=batch.petition, sha256=batch.sha256)
        if earlier := same.filter(state=State.DONE).exclude(pk=batch.pk).first():
            url = reverse("petition_imports:detail", args=[earlier.pk])
            messages.warning(
                self.request,
                _("This very file was imported before."),
                buttons=[messages.button(url, _("View import"))],
            )


class ColumnsView(StepView):
    """Step two: how the file is read, and the meaning of each column."""

    step = "columns"
    template_name = "wagtail_petition/admin/import_columns.html"

    def get(self, request, *args, **kwargs):
        inspection = batches.last_look(self.batch)
        return self.show(LayoutForm(self.batch, inspection), ColumnsForm(self.batch, inspection))

    def post(self, request, *args, **kwargs):
        inspection = batches.last_look(self.batch)
        layout_form = LayoutForm(self.batch, inspection, request.POST)
        columns_form = ColumnsForm(self.batch, inspection, request.POST)
        if columns_form.is_outdated:
            messages.warning(request, READ_AGAIN)
            return redirect(request.path)
        columns_form.is_valid()
        if not layout_form.is_valid():
            return self.show(layout_form, columns_form)
        if request.POST.get("step") == "read" or layout_form.has_changed():
            return self.read_again(layout_form, columns_form)
        if not columns_form.is_valid():
            messages.error(request, CORRECT)
            return self.show(layout_form, columns_form)
        return self.save_columns(inspection, columns_form)

    def read_again(self, layout_form, columns_form):
        """Read the file with the layout chosen. Choices for columns that it still has are kept."""
        try:
            layout = layout_form.layout
            inspection = batches.look_into(self.batch, layout, batches.SECONDS)
        except Unreadable as error:
            layout_form.add_error(None, str(error))
            return self.show(layout_form, columns_form)
        preset = layout_form.cleaned_data["preset"]
        mapping = mappings.propose(inspection, self.petition, preset)
        if preset == self.batch.preset:
            kept = columns_form.columns
            mapping.columns.update({h: kept[h] for h in mapping.columns if h in kept})
        options = Options(default_country=Options(**self.batch.options).default_country)
        self.batch.ticked = []
        if self.describe(inspection, mapping, options):
            messages.success(self.request, READ_AGAIN)
        return redirect(self.request.path)

    def save_columns(self, inspection, form):
        mapping = Mapping(form.columns, preset=form.preset)
        if not self.describe(inspection, mapping, form.get_options()):
            return self.back()
        if wants_text(self.batch):
            return redirect("petition_imports:text", self.batch.pk)
        run.start_check(self.batch)
        return redirect("petition_imports:check", self.batch.pk)

    def describe(self, inspection, mapping, options):
        """Save how the file is read, and forget an earlier check."""
        batches.describe(self.batch, inspection, mapping, options)
        self.batch.counts, self.batch.error = {}, ""
        return self.save(*batches.DESCRIBED, "counts", "error")

    def show(self, layout_form, columns_form):
        inspection = columns_form.inspection
        return self.render_to_response(
            self.get_context_data(
                layout_form=layout_form,
                form=columns_form,
                media=columns_form.media,
                letters=inspection.letters if inspection.layout.encoding else [],
                rows=inspection.rows,
                is_partial=inspection.is_partial,
                is_list=not wants_text(self.batch),
            )
        )


class TextView(StepView):
    """Step three: the text that these people signed, where they agreed, and defaults."""

    step = "text"
    template_name = "wagtail_petition/admin/import_text.html"

    def get(self, request, *args, **kwargs):
        if not wants_text(self.batch):
            return redirect("petition_imports:columns", self.batch.pk)
        return self.show(TextForm(self.batch))

    def post(self, request, *args, **kwargs):
        form = TextForm(self.batch, request.POST)
        if not form.is_valid():
            messages.error(request, CORRECT)
            return self.show(form)
        form.apply()
        self.batch.signed_text = ledger.get_or_create_text(form.text)
        for problem in batches.problems(self.batch):
            form.add_error(None, problem)
        if form.errors:
            return self.show(form)
        self.batch.counts, self.batch.error = {}, ""
        if not self.save(*batches.DESCRIBED, "counts", "error"):
            return self.back()
        run.start_check(self.batch)
        return redirect("petition_imports:check", self.batch.pk)

    def show(self, form):
        return self.render_to_response(self.get_context_data(form=form, media=form.media))
