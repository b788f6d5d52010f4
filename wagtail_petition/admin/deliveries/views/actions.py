"""The views to cancel a delivery and to mark it as delivered."""

from django.db import transaction
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from wagtail_petition.admin.base import PetitionFormView, PetitionView
from wagtail_petition.admin.deliveries.handover_forms import HandoverForm
from wagtail_petition.delivery import lifecycle, notifications, selection
from wagtail_petition.models import Delivery

from .base import DeliveryMixin, is_outdated


class CancelView(DeliveryMixin, PetitionView):
    """Cancels a delivery and deletes its files, after asking."""

    action = "change"
    page_title = gettext_lazy("Delete files and cancel")
    template_name = "wagtail_petition/admin/delivery_cancel.html"

    def get(self, request, *args, **kwargs):
        if self.delivery.state not in lifecycle.CANCELLABLE:
            messages.error(request, lifecycle.OVER)
            return self.back()
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        return self.run("cancel")


class HandoverView(DeliveryMixin, PetitionFormView):
    """Marks a delivery as delivered, which locks it."""

    action = "change"
    page_title = gettext_lazy("Mark as delivered")
    form_class = HandoverForm
    submit_button_label = gettext_lazy("Mark as delivered")
    template_name = "wagtail_petition/admin/delivery_handover.html"

    def dispatch(self, request, *args, **kwargs):
        state = self.delivery.state
        if state != Delivery.State.READY:
            is_over = state in (Delivery.State.DELIVERED, Delivery.State.CANCELLED)
            messages.error(request, lifecycle.OVER if is_over else lifecycle.NOT_READY)
            return self.back()
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "gone": len(selection.gone_since(self.delivery)),
            "notified": notifications.count(self.delivery),
        }

    def get_context_data(self, **kwargs):
        outdated = lifecycle.outdated(self.delivery) if is_outdated(self.delivery) else ""
        return {**super().get_context_data(**kwargs), "outdated": outdated}

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            message = _("The delivery could not be marked as delivered due to errors.")
            return self.refuse(form, message)
        try:
            with transaction.atomic():
                lifecycle.mark_delivered(self.delivery, **form.cleaned_data)
                self.log(
                    "mark_delivered",
                    recipient=self.delivery.recipient,
                    sha256=self.delivery.manifest_sha256,
                )
        except lifecycle.WrongState as error:
            messages.error(request, str(error))
        else:
            messages.success(request, self.get_success_message(form))
        return self.back()

    def get_success_message(self, form):
        """The success message, with the number of signers who will be notified."""
        if not form.cleaned_data["tells_signers"]:
            return _("Delivery marked as delivered.")
        count = notifications.count(self.delivery)
        return ngettext(
            "Delivery marked as delivered. %(count)s signer will be notified.",
            "Delivery marked as delivered. %(count)s signers will be notified.",
            count,
        ) % {"count": localize(count)}
