"""The views to add to the record of a delivery that was handed over, and to erase an entry."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_petition.admin.base import PetitionFormView, PetitionView
from wagtail_petition.admin.deliveries.handover_forms import NoteForm
from wagtail_petition.delivery import lifecycle
from wagtail_petition.models import Delivery, Signature

from .base import DeliveryMixin


class AddNoteView(DeliveryMixin, PetitionFormView):
    """Adds a place, a note or a receipt. What was recorded before stays as it is."""

    action = "change"
    page_title = gettext_lazy("Add receipt or note")
    form_class = NoteForm
    submit_button_label = gettext_lazy("Add")
    template_name = "wagtail_petition/admin/delivery_note.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if self.delivery.state != Delivery.State.DELIVERED:
            raise Http404

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.refuse(form, _("Nothing was added due to errors."))
        try:
            with transaction.atomic():
                note = lifecycle.add_note(self.delivery, user=request.user, **form.cleaned_data)
                self.log("add_delivery_note", note=note.pk)
        except lifecycle.AlreadyAdded as error:
            messages.info(request, str(error))
        else:
            messages.success(request, _("Added to the record of the delivery."))
        return self.back()


class NoteMixin(DeliveryMixin):
    """A view of the note with ``note`` from the URL."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.note = get_object_or_404(self.delivery.notes, pk=kwargs["note"])

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "note": self.note}


class EraseMixin(DeliveryMixin):
    """Erases an entry of the record, after asking. That it was added and erased stays.

    If somebody has erased it meanwhile, a message says so.
    """

    action = "erase"
    permission_model = Signature
    page_title = gettext_lazy("Erase entry")
    template_name = "wagtail_petition/admin/delivery_note_erase.html"

    def get(self, request, *args, **kwargs):
        if self.is_erased():
            messages.info(request, lifecycle.ERASED_BEFORE)
            return self.back()
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        try:
            with transaction.atomic():
                self.erase()
        except lifecycle.WrongState as error:
            messages.info(request, str(error))
        else:
            messages.success(request, _("Entry erased."))
        return self.back()


class EraseNoteView(NoteMixin, EraseMixin, PetitionView):
    """Erases the contents of what was added after a delivery was handed over."""

    def is_erased(self):
        return self.note.erased_at is not None

    def erase(self):
        lifecycle.erase_note(self.note, user=self.request.user)
        self.log("erase_delivery_note", note=self.note.pk)


class EraseHandoverView(EraseMixin, PetitionView):
    """Erases the place, receiver, note and receipt of when a delivery was handed over."""

    def is_erased(self):
        return not self.delivery.has_handover_note

    def erase(self):
        lifecycle.erase_handover(self.delivery)
        self.log("erase_delivery_note")

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "note": self.delivery}
