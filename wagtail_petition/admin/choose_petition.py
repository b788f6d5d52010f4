"""Choose a petition, for adding an object from a list of all petitions' objects."""

from django import forms
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_petition.access.permissions import (
    editable_petitions,
    get_petition_or_404,
    has_permission,
)
from wagtail_petition.admin.base import FormTemplateMixin
from wagtail_petition.admin.filters import PetitionFilterSet
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.models import Signature
from wagtail_petition.pages.lookup import petition_page_models


class ChoosePetitionForm(forms.Form):
    """Chooses one of the petitions that the user may edit."""

    petition = forms.ModelChoiceField(
        label=gettext_lazy("Petition"),
        queryset=None,
        widget=forms.Select(attrs={"class": "petition-select"}),
    )

    def __init__(self, *args, petitions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["petition"].queryset = petitions


class ChoosePetitionView(HelpMixin, FormTemplateMixin, WagtailAdminTemplateMixin, FormView):
    """Asks for the petition, then redirects to its add view. Skipped if there is only one.

    ``viewset`` is the URL namespace with ``index`` and ``add``.
    """

    form_class = ChoosePetitionForm
    action = "add"
    permission_model = Signature
    viewset = ""
    index_label = ""
    submit_button_label = gettext_lazy("Continue")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.petitions = editable_petitions(request.user).order_by("title")
        if not has_permission(request.user, self.action, self.permission_model):
            self.petitions = self.petitions.none()

    def get(self, request, *args, **kwargs):
        petitions = self.petitions[:2]
        if len(petitions) == 1:
            return self.redirect_to_add(petitions[0])
        if not petitions:
            # Raises Http404.
            get_petition_or_404(request.user, self.action, self.permission_model, pk=0)
        return super().get(request, *args, **kwargs)

    def redirect_to_add(self, petition):
        return redirect(f"{self.viewset}:add", petition.pk)

    def form_valid(self, form):
        return self.redirect_to_add(form.cleaned_data["petition"])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "petitions": self.petitions}

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{self.viewset}:index"), "label": self.index_label},
            {"url": "", "label": self.page_title},
        ]


class PetitionsListMixin:
    """A list of petitions' objects, with a filter by petition and a button to add one.

    Adding requires the permission ``add_action`` on ``add_model``.
    """

    add_action = "add"
    add_model = Signature
    choose_url_name = ""
    paginate_by = 20

    @cached_property
    def filterset_class(self):
        meta = type("Meta", (), {"model": self.model, "fields": []})
        return type("ListFilterSet", (PetitionFilterSet,), {"Meta": meta})

    @cached_property
    def add_url(self):
        user = self.request.user
        if has_permission(user, self.add_action, self.add_model) and editable_petitions(user):
            return reverse(self.choose_url_name)
        return None


class NewestFirstMixin(PetitionsListMixin):
    """A list of petitions' objects, newest first."""

    default_ordering = "-pk"

    def get_valid_orderings(self):
        return [*super().get_valid_orderings(), "-pk"]


def add_petition_buttons(user):
    """(label, URL) for each type of petition page that ``user`` may add."""
    from wagtail.permissions import page_permission_policy  # Needs all apps to be loaded.

    if not page_permission_policy.user_has_permission(user, "add"):
        return []
    # Not ``get_verbose_name()``, which begins with a capital: in German, all nouns do, always.
    models = [model for model in petition_page_models() if model.is_creatable]
    return [
        (
            _("Add petition")
            if len(models) == 1
            else _("Add %(type)s") % {"type": model._meta.verbose_name},
            reverse(
                "wagtailadmin_pages:choose_parent",
                args=[model._meta.app_label, model._meta.model_name],
            ),
        )
        for model in models
    ]
