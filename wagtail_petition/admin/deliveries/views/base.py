"""The base of the views of one delivery."""

from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log

from wagtail_petition.admin.base import petition_breadcrumbs
from wagtail_petition.admin.deliveries.details import describe_split
from wagtail_petition.delivery import lifecycle, selection
from wagtail_petition.models import Delivery


class DeliveryMixin:
    """A view of the delivery with ``pk`` from the URL."""

    permission_model = Delivery
    header_icon = "mail"
    # Whether it is the page of the delivery, and not one of its actions.
    is_own_page = False

    def setup(self, request, *args, **kwargs):
        self.delivery = get_object_or_404(Delivery, pk=kwargs["pk"], corrects=None)
        super().setup(request, *args, **{**kwargs, "pk": self.delivery.petition_id})
        self.delivery.petition = self.petition
        if self.delivery.split:
            self.delivery.split.petition = self.petition

    def get_breadcrumbs_items(self):
        items = [
            *self.breadcrumbs_items,
            *petition_breadcrumbs(self.petition),
            {"url": reverse("petition_deliveries:index"), "label": _("Deliveries")},
        ]
        if split := self.delivery.split:
            url = reverse("petition_deliveries:split", args=[split.pk])
            items.append({"url": url, "label": describe_split(split)})
        if not self.is_own_page:
            items.append({"url": self.get_url(), "label": self.delivery.recipient})
        return [*items, {"url": "", "label": self.page_title}]

    def get_page_subtitle(self):
        return self.delivery.recipient

    def get_url(self):
        return reverse("petition_deliveries:detail", args=[self.delivery.pk])

    def log(self, action, **data):
        """Log an action on the delivery."""
        log(
            self.petition, f"wagtail_petition.{action}", data={"delivery": self.delivery.pk, **data}
        )

    def refuse(self, form, message):
        """Show a form with errors again."""
        messages.validation_error(self.request, message, form)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "delivery": self.delivery}

    # The actions on a delivery: {name: (function, success message)}.
    ACTIONS = {
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

    def run(self, name):
        """Run the action and log it, or show why not. Returns a redirect to the delivery."""
        action, message = self.ACTIONS[name]
        try:
            with transaction.atomic():
                action(self.delivery)
                self.log(f"{name}_delivery", recipient=self.delivery.recipient)
        except lifecycle.WrongState as error:
            messages.error(self.request, str(error))
        else:
            messages.success(self.request, message)
        return self.back()

    def back(self):
        return redirect(self.get_url())


def is_outdated(delivery):
    """Whether a ready delivery holds signatures that no longer count."""
    return delivery.state == Delivery.State.READY and bool(selection.gone_since(delivery))
