"""The views of representatives: the list, one by hand, many from a table."""

from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log

from wagtail_petition.access.permissions import (
    can,
    editable_petitions,
    has_permission,
    limit,
    policies,
)
from wagtail_petition.admin.base import PetitionFormView, PetitionView
from wagtail_petition.admin.choose_petition import ChoosePetitionView, PetitionsListMixin
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.admin.tables import PetitionsTitleColumn
from wagtail_petition.formats import listed
from wagtail_petition.home.answers import get_home_scheme
from wagtail_petition.imports.representatives import store
from wagtail_petition.models import Representative

from .forms import SHOWN, RepresentativeForm, TableForm


def list_url(petition):
    """The URL of the list with the representatives of ``petition``."""
    return f"{reverse('petition_representatives:index')}?{urlencode({'petition': petition.pk})}"


class IndexView(HelpMixin, PetitionsListMixin, generic.IndexView):
    """The representatives of all of the user's petitions."""

    model = Representative
    page_title = gettext_lazy("Representatives")
    header_icon = "group"
    index_url_name = "petition_representatives:index"
    index_results_url_name = "petition_representatives:index_results"
    results_template_name = "wagtail_petition/admin/representatives_results.html"
    add_item_label = gettext_lazy("Add representative")
    add_model = Representative
    choose_url_name = "petition_representatives:choose"
    permission_policy = policies[Representative]
    search_fields = ["name", "office", "email"]
    paginate_by = 50

    @cached_property
    def columns(self):
        may_change = has_permission(self.request.user, "change", Representative)
        return [
            PetitionsTitleColumn(
                "name",
                label=_("Name"),
                accessor=str,
                get_url=lambda each: (
                    reverse("petition_representatives:edit", args=[each.pk]) if may_change else None
                ),
            ),
            Column("constituency", label=_("Constituency")),
            Column("email", label=_("Email"), classname="petition-wide"),
        ]

    @property
    def header_more_buttons(self):
        buttons = super().header_more_buttons
        user = self.request.user
        if has_permission(user, "change", Representative) and editable_petitions(user):
            buttons.append(
                Button(
                    _("Add from a table"),
                    reverse("petition_representatives:choose_table"),
                    icon_name="upload",
                    priority=20,
                )
            )
        return buttons

    def get_base_queryset(self):
        return limit(Representative.objects.select_related("petition"), self.request.user)


class ChooseView(ChoosePetitionView):
    """Chooses the petition of a new representative."""

    permission_model = Representative
    page_title = gettext_lazy("Add representative")
    header_icon = "group"
    viewset = "petition_representatives"
    index_label = gettext_lazy("Representatives")


class ChooseForTableView(ChooseView):
    """Chooses the petition of a table of representatives."""

    action = "change"
    page_title = gettext_lazy("Add representatives from a table")

    def redirect_to_add(self, petition):
        return redirect("petition_representatives:table", petition.pk)


class RepresentativesMixin:
    """A view of a petition's representatives, with the list in its breadcrumbs."""

    permission_model = Representative
    header_icon = "group"

    def get_breadcrumbs_items(self):
        *before, this = super().get_breadcrumbs_items()
        return [*before, {"url": list_url(self.petition), "label": _("Representatives")}, this]

    def back(self):
        return HttpResponseRedirect(list_url(self.petition))


class AskingMixin(RepresentativesMixin):
    """A view for petitions that ask where people vote. Others get a message and a redirect."""

    @cached_property
    def scheme(self):
        return get_home_scheme(self.petition)

    def dispatch(self, request, *args, **kwargs):
        if self.scheme is None:
            messages.warning(
                request,
                _(
                    "This petition doesn’t ask where people vote. Choose the country under "
                    "“Where people vote” in the editor, and publish the page."
                ),
            )
            return self.back()
        return super().dispatch(request, *args, **kwargs)


class AddView(AskingMixin, PetitionFormView):
    """Adds a representative."""

    action = "add"
    page_title = gettext_lazy("Add representative")
    form_class = RepresentativeForm

    def get_form_kwargs(self):
        instance = Representative(petition=self.petition, country=self.scheme.country)
        return {**super().get_form_kwargs(), "instance": instance}

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        log(form.save(), "wagtail.create")
        messages.success(request, _("Representative added."))
        return self.back()


class OneView(RepresentativesMixin):
    """A view of the representative with ``pk`` from the URL."""

    def setup(self, request, *args, **kwargs):
        self.representative = get_object_or_404(Representative, pk=kwargs["pk"])
        super().setup(request, *args, **{**kwargs, "pk": self.representative.petition_id})


class EditView(OneView, PetitionFormView):
    """Changes a representative."""

    action = "change"
    page_title = gettext_lazy("Edit representative")
    form_class = RepresentativeForm

    def get_page_subtitle(self):
        return str(self.representative)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.representative}

    @property
    def header_more_buttons(self):
        buttons = super().header_more_buttons
        if can(self.request.user, "delete", self.petition, Representative):
            url = reverse("petition_representatives:delete", args=[self.representative.pk])
            buttons.append(Button(_("Delete"), url, icon_name="bin", priority=5))
        return buttons

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        log(form.save(), "wagtail.edit")
        messages.success(request, _("Representative saved."))
        return self.back()


class DeleteView(OneView, PetitionView):
    """Deletes a representative, after asking."""

    action = "delete"
    page_title = gettext_lazy("Delete representative")
    template_name = "wagtail_petition/admin/representative_delete.html"

    def post(self, request, *args, **kwargs):
        log(self.representative, "wagtail.delete")
        self.representative.delete()
        messages.success(request, _("Representative deleted."))
        return self.back()

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "representative": self.representative}


class TableView(AskingMixin, PetitionFormView):
    """Adds and updates representatives from a file or a pasted table: all rows, or none."""

    action = "change"
    page_title = gettext_lazy("Add representatives from a table")
    form_class = TableForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "petition": self.petition}

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        if not can(self.request.user, "delete", self.petition, Representative):
            del form.fields["replaces"]
        return form

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            messages.error(request, _("Nothing was added. Correct the rows below."))
            return self.render_to_response(self.get_context_data(form=form))
        stored = store(
            self.petition, form.people, replaces=form.cleaned_data.get("replaces", False)
        )
        log(
            self.petition,
            "wagtail_petition.add_representatives",
            data={"added": stored.added, "changed": stored.changed, "deleted": stored.deleted},
        )
        messages.success(
            request,
            _("Added: %(added)d. Changed: %(changed)d. Deleted: %(deleted)d.") % vars(stored),
        )
        if stored.respelled:
            names = [f"{before} → {now}" for before, now in stored.respelled[:SHOWN]]
            if len(stored.respelled) > SHOWN:
                names.append("…")
            messages.info(
                request,
                _("Already listed in another spelling, and updated: %(names)s.")
                % {"names": listed(names)},
            )
        return self.back()
