"""The base of the views of one import, and the steps of a draft."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.petitions.petition_pages import attach_pages
from wagtail_petition.background import leases
from wagtail_petition.imports.reading import Unreadable
from wagtail_petition.models import ImportBatch

State, Mode = ImportBatch.State, ImportBatch.Mode

# The steps of adding an import, by the names of their URLs.
STEPS = {
    "add": gettext_lazy("File"),
    "columns": gettext_lazy("Columns"),
    "text": gettext_lazy("Text and consent"),
    "check": gettext_lazy("Check"),
}
GONE = gettext_lazy("The file has expired and was deleted. Add it again.")


def next_step(batch):
    """The URL of the step at which a draft continues."""
    if batch.counts or batch.error or batch.state == State.CHECKING:
        name = "check"
    else:
        name = "text" if batch.signed_text_id else "columns"
    return reverse(f"petition_imports:{name}", args=[batch.pk])


def wants_text(batch):
    """Whether people signed a text. A list of addresses that want no emails has none."""
    return batch.mode != Mode.NO_EMAILS


class ImportMixin:
    """A view of the import with ``pk`` from the URL."""

    action = "import"
    header_icon = "upload"

    def setup(self, request, *args, **kwargs):
        batches = ImportBatch.objects.select_related("signed_text", "user", "reverted_by")
        self.batch = get_object_or_404(batches, pk=kwargs["pk"])
        super().setup(request, *args, **{**kwargs, "pk": self.batch.petition_id})
        self.batch.petition = self.petition

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "batch": self.batch,
            "has_worker": leases.is_held(self.batch),
        }

    def get_breadcrumbs_items(self):
        *others, last = super().get_breadcrumbs_items()
        return [*others, {"url": reverse("petition_imports:index"), "label": _("Imports")}, last]

    def back(self):
        return redirect("petition_imports:detail", self.batch.pk)


class StepView(ImportMixin, PetitionView):
    """A step of adding an import. Redirects to the import's page if it isn't a draft any more."""

    page_title = gettext_lazy("Add import")
    step = ""
    states = (State.DRAFT,)

    def dispatch(self, request, *args, **kwargs):
        if self.batch.state in self.states:
            try:
                return super().dispatch(request, *args, **kwargs)
            except FileNotFoundError:
                messages.error(request, GONE)
            except Unreadable as error:
                # It could be read when it was added.
                messages.error(request, str(error))
        return self.back()

    def get_context_data(self, **kwargs):
        steps = [
            (name, label)
            for name, label in STEPS.items()
            if name != "text" or wants_text(self.batch)
        ]
        attach_pages([self.petition])
        return {**super().get_context_data(**kwargs), "steps": steps, "step": self.step}

    def save(self, *names):
        """Save fields of the draft. Returns whether it still was one."""
        fields = {name: getattr(self.batch, name) for name in names}
        drafts = ImportBatch.objects.filter(pk=self.batch.pk, state=State.DRAFT)
        if drafts.update(**fields):
            return True
        messages.error(self.request, _("Nothing was changed: the import has been started."))
        return False
