"""The base of the views of one delivery."""

from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log

from wagtail_petition.delivery import lifecycle, selection
from wagtail_petition.models import Delivery


class DeliveryMixin:
    """A view of the delivery with ``pk`` from the URL."""

    permission_model = Delivery
    header_icon = "mail"

    def setup(self, request, *args, **kwargs):
        self.delivery = get_object_or_404(Delivery, pk=kwargs["pk"])
        super().setup(request, *args, **{**kwargs, "pk": self.delivery.petition_id})
        self.delivery.petition = self.petition

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "delivery": self.delivery}

    # The actions on a delivery that was not handed over: {name: (function, success message)}.
    ACTS = {
        "cancel": (
            lifecycle.cancel,
            gettext_lazy("Delivery cancelled. Its files have been deleted."),
        ),
        "try_again": (
            lifecycle.try_again,
            gettext_lazy("Retry started. The delivery is being prepared."),
        ),
        "rebuild": (
            lifecycle.rebuild,
            gettext_lazy("Rebuild started. The delivery is being prepared."),
        ),
    }

    def act(self, name):
        """Run the action and log it, or show why not. Returns a redirect to the delivery."""
        act, message = self.ACTS[name]
        try:
            with transaction.atomic():
                act(self.delivery)
                log(
                    self.petition,
                    f"wagtail_petition.{name}_delivery",
                    data={"delivery": self.delivery.pk, "recipient": self.delivery.recipient},
                )
        except lifecycle.WrongState as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, message)
        return self.back()

    def back(self):
        return redirect("petition_deliveries:detail", self.delivery.pk)


def is_outdated(delivery):
    """Whether a ready delivery holds signatures that no longer count."""
    return delivery.state == Delivery.State.READY and bool(selection.gone_since(delivery))
