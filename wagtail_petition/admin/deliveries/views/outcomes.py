"""The views to record what came of a delivery, show it or not, and write an update about it."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.views.pages.create import CreateView
from wagtail.rich_text import RichText

from wagtail_petition.admin.base import PetitionFormView, PetitionView
from wagtail_petition.admin.deliveries.outcome_form import OutcomeForm
from wagtail_petition.admin.petitions.petition_pages import attach_pages
from wagtail_petition.delivery import outcomes
from wagtail_petition.models import Delivery
from wagtail_petition.pages.lookup import pages_with
from wagtail_petition.pages.update_lookup import update_page_models

from .base import DeliveryMixin
from .files import FileView
from .notes import EraseMixin


class AddOutcomeView(DeliveryMixin, PetitionFormView):
    """Records what came of the delivery. What was recorded before stays as it is."""

    action = "change"
    page_title = gettext_lazy("Add outcome")
    form_class = OutcomeForm
    submit_button_label = gettext_lazy("Add")
    template_name = "wagtail_petition/admin/delivery_outcome.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if self.delivery.state != Delivery.State.DELIVERED:
            raise Http404

    def get_form_kwargs(self):
        attach_pages([self.petition])
        languages = [self.petition.source_language, *(p.language for p in self.petition.pages)]
        return {
            **super().get_form_kwargs(),
            "delivery": self.delivery,
            "languages": dict.fromkeys(filter(None, languages)) or [self.delivery.language],
        }

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.refuse(form, _("Nothing was added due to errors."))
        with transaction.atomic():
            outcome = outcomes.add(self.delivery, user=request.user, **form.outcome())
            self.log("add_outcome", outcome=outcome.pk)
        buttons = []
        if find_place(self.petition, request.user):
            url = reverse("petition_deliveries:outcome_update", args=[self.delivery.pk, outcome.pk])
            buttons = [messages.button(url, _("Write an update"))]
        messages.success(request, _("Outcome added."), buttons=buttons)
        return self.back()


class OutcomeMixin(DeliveryMixin):
    """A view of the outcome with ``outcome`` from the URL."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.outcome = get_object_or_404(self.delivery.outcomes, pk=kwargs["outcome"])
        self.outcome.delivery = self.delivery


class ShowOutcomeView(OutcomeMixin, PetitionView):
    """Shows the outcome on the petition's page, or takes it off, after asking."""

    action = "change"
    template_name = "wagtail_petition/admin/delivery_outcome_show.html"

    @property
    def page_title(self):
        return _("Take off the page") if self.outcome.is_public else _("Show on the page")

    def post(self, request, *args, **kwargs):
        is_public = not self.outcome.is_public
        with transaction.atomic():
            if outcomes.show(self.outcome, is_public=is_public):
                self.log("show_outcome" if is_public else "hide_outcome", outcome=self.outcome.pk)
        messages.success(
            request,
            _("The outcome is shown on the petition’s page.")
            if is_public
            else _("The outcome isn’t shown on the petition’s page any more."),
        )
        return self.back()

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "outcome": self.outcome}


class OutcomeDocumentView(OutcomeMixin, FileView):
    """Downloads the document of an outcome."""

    def get(self, request, *args, **kwargs):
        if not self.outcome.document:
            raise Http404
        return self.hand_out(self.outcome.document, self.outcome.document_name)


class EraseOutcomeView(OutcomeMixin, EraseMixin, PetitionView):
    """Erases an outcome's texts and document, after asking."""

    def is_erased(self):
        return self.outcome.erased_at is not None

    def erase(self):
        outcomes.erase(self.outcome, user=self.request.user)
        self.log("erase_delivery_note", outcome=self.outcome.pk)

    def get_context_data(self, **kwargs):
        outcome = self.outcome
        note = {
            "note": "\n\n".join(outcome.texts.values()),
            "receipt": outcome.document,
            "receipt_name": outcome.document_name,
        }
        return {**super().get_context_data(**kwargs), "note": note}


class OutcomeUpdateView(OutcomeMixin, PetitionView):
    """Opens Wagtail's editor for a new update below the petition's page, with the outcome in it."""

    action = "view"

    def get(self, request, *args, **kwargs):
        place = find_place(self.petition, request.user)
        if place is None:
            raise Http404
        page, model = place
        editor = _UpdateEditor.as_view(outcome=self.outcome, language=page.language)
        return editor(request, model._meta.app_label, model._meta.model_name, page.pk)


class _UpdateEditor(CreateView):
    """Wagtail's editor for a new page. Nothing is stored before it is saved."""

    outcome = None
    language = ""

    def get(self, request):
        text, _language = self.outcome.get_text(self.language)
        with translation.override(self.language):
            self.page.title = str(self.outcome)
        self.page.date = self.outcome.day
        if text:
            self.page.body = [("text", RichText(linebreaks(text, autoescape=True)))]
        return super().get(request)


def find_place(petition, user):
    """Where ``user`` can write an update: (the petition's source page, page type), or None."""
    for page in pages_with(petition.key)[:1]:
        allowed = page.permissions_for_user(user).can_add_subpage()
        models = [m for m in update_page_models() if m in type(page).creatable_subpage_models()]
        if allowed and models and models[0].can_create_at(page):
            return page, models[0]
    return None
