"""The views of exports: choose columns, show the progress, download."""

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_petition.access.permissions import policies
from wagtail_petition.access.selection import Selection, get_ids
from wagtail_petition.admin.base import petition_breadcrumbs
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.clock import local_date
from wagtail_petition.exports import export, run
from wagtail_petition.exports.tools import find_tool, get_format, get_tools
from wagtail_petition.exports.tools.people import count_subscribers
from wagtail_petition.exports.writers import FORMATS, get_ending
from wagtail_petition.models import ColumnPreset, Petition, Signature
from wagtail_petition.moderation import bulk

from .forms import ExportForm


def hand_out(
    request: HttpRequest,
    selection: Selection,
    ids: list[int] | None,
    *,
    format: str,
    columns: list[str],
    everyone: bool = False,
) -> HttpResponseBase:
    """Export the selected signatures. Returns a download, or a redirect if the export is large."""
    if export.is_large(selection, ids):
        made = run.start(selection, ids, format=format, columns=columns, everyone=everyone)
        messages.success(
            request,
            _("Export started. We’ll email you when the file is ready.")
            if made.address
            else _("Export started."),
        )
        return redirect("petition_signatures:export_progress", made.pk)
    file = export.export(selection, ids, format=format, columns=columns, everyone=everyone)
    return _download(file, list(selection.petitions[:2]), format)


def get_last_columns(user):
    """The ``ColumnPreset`` with the columns that ``user`` exported last, or None."""
    return ColumnPreset.objects.filter(user=user, name="").first()


def save_columns(user, columns, *, name="", is_shared=False):
    """Save columns as a preset. Without a name, as the columns that ``user`` exported last."""
    ColumnPreset.objects.update_or_create(
        user=user, name=name, defaults={"columns": columns, "is_shared": is_shared}
    )


def _download(file, petitions, format):
    kind = get_ending(get_format(format), file)
    title = slugify(petitions[0].title) if len(petitions) == 1 else ""
    tool = slugify(format.replace("_", "-")) if find_tool(format) else ""
    name = "-".join(filter(None, [str(_("signatures")), tool, title, local_date().isoformat()]))
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{name}.{kind.extension}",
        content_type=kind.media_type,
    )
    response["Cache-Control"] = "no-store, private"
    response["X-Content-Type-Options"] = "nosniff"
    return response


class ExportView(HelpMixin, WagtailAdminTemplateMixin, FormView):
    """Asks for format and columns, then exports the signatures that match the list's filters."""

    template_name = "wagtail_petition/admin/signature_export.html"
    page_title = gettext_lazy("Export signatures")
    header_icon = "download"
    form_class = ExportForm

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if not policies[Signature].user_has_permission(request.user, "export"):
            raise Http404
        self.selection = Selection(request.user, request.GET)
        # Without ids, the link is the list's own: all that match.
        self.ids = get_ids(request.GET) if "id" in request.GET else None

    @cached_property
    def signatures(self):
        """The signatures that will be exported, as a queryset."""
        return bulk.selected(self.selection, self.ids)

    @property
    def query(self):
        """The query string that selects these signatures, without format and preset."""
        if self.ids is None:
            return self.selection.query
        ids = "&".join(f"id={pk}" for pk in self.ids) or "id="
        return f"{self.selection.query}&{ids}" if self.selection.query else ids

    @cached_property
    def petitions(self):
        return list(self.selection.petitions.order_by("pk"))

    def get_page_subtitle(self):
        return str(self.petitions[0]) if len(self.petitions) == 1 else ""

    @property
    def list_url(self):
        """The URL of the list with the same filters."""
        return f"{reverse('petition_signatures:index')}?{self.selection.query}"

    def get_breadcrumbs_items(self):
        only = self.petitions[0] if len(self.petitions) == 1 else None
        return [
            *self.breadcrumbs_items,
            *(petition_breadcrumbs(only) if only else []),
            {"url": self.list_url, "label": _("Signatures")},
            {"url": "", "label": self.page_title},
        ]

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "petitions": self.petitions,
            "chosen": self.preset.columns if self.preset else (),
        }

    @cached_property
    def presets(self):
        return list(ColumnPreset.objects.named_for(self.request.user))

    @cached_property
    def preset(self):
        """The preset in the query string, or else the columns exported last, or None."""
        asked = self.request.GET.get("preset")
        if asked:
            return next((each for each in self.presets if str(each.pk) == asked), None)
        return get_last_columns(self.request.user)

    def post(self, request, *args, **kwargs):
        if "delete_preset" in request.POST:
            return self.delete_preset(request.POST["delete_preset"])
        return super().post(request, *args, **kwargs)

    def delete_preset(self, pk):
        """Delete the user's own preset. Presets shared by others stay."""
        mine = [p for p in self.presets if str(p.pk) == pk and p.user_id == self.request.user.pk]
        for preset in mine:
            preset.delete()
            messages.success(self.request, _("Preset “%(name)s” deleted.") % {"name": preset.name})
        return redirect(f"{self.request.path}?{self.query}")

    def get_initial(self):
        asked = self.request.GET.get("format")
        return {"format": asked} if asked in FORMATS or asked in get_tools() else {}

    def get_context_data(self, **kwargs):
        count, user = self.signatures.count(), self.request.user
        return {
            **super().get_context_data(**kwargs),
            "count": count,
            "is_large": count > export.AT_ONCE,
            "tools": [*get_tools()],
            "for_tools": count_subscribers(self.signatures),
            "presets": [
                (preset, f"?{self.query}&preset={preset.pk}", preset.user_id == user.pk)
                for preset in self.presets
            ],
            "chosen_preset": self.preset,
            "made_before": export.get_exports(self.request.user).filter(user=self.request.user),
        }

    def form_valid(self, form):
        chosen, user = form.cleaned_data, self.request.user
        if not form.tool:
            save_columns(user, chosen["columns"])
            if name := chosen["preset_name"]:
                save_columns(user, chosen["columns"], name=name, is_shared=chosen["is_shared"])
        return hand_out(self.request, self.selection, self.ids, **form.get_options())


class MadeExportMixin:
    """A view of an export made in the background. 404 for other users."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.export = get_object_or_404(export.get_exports(request.user), pk=kwargs["pk"])


class ExportProgressView(MadeExportMixin, HelpMixin, WagtailAdminTemplateMixin, TemplateView):
    """The progress of an export, with a button to stop it, or the download when it is ready."""

    template_name = "wagtail_petition/admin/signature_export_progress.html"
    header_icon = "download"

    def get_page_title(self):
        # Screen readers announce the title first when the page reloads at the end.
        return _("Your export is ready") if self.export.is_ready else _("Export signatures")

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("petition_signatures:index"), "label": _("Signatures")},
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request, *args, **kwargs):
        if run.stop(self.export):
            messages.success(request, _("Export stopped."))
        return redirect("petition_signatures:export_progress", self.export.pk)

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "work": self.export}


class ExportDownloadView(MadeExportMixin, TemplateView):
    """Logs the download of a ready export, then returns the file."""

    def get(self, request, *args, **kwargs):
        if not self.export.is_ready:
            raise Http404
        try:
            file = export.open_file(self.export)
        except FileNotFoundError as error:
            raise Http404 from error
        petitions = list(Petition.objects.filter(pk__in=self.export.counts)[:2])
        return _download(file, petitions, self.export.format)
