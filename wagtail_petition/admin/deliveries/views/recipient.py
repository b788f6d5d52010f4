"""The views to share a delivery with its recipient by a private link, and to revoke one."""

from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_petition import addresses
from wagtail_petition.access.permissions import can
from wagtail_petition.admin.base import PetitionFormView, PetitionView
from wagtail_petition.admin.deliveries.share_form import ShareForm
from wagtail_petition.delivery import acknowledgement, notifications, recipient_links
from wagtail_petition.models import Delivery, Signature
from wagtail_petition.pages.lookup import get_page

from .base import DeliveryMixin
from .notes import EraseMixin


def may_share(user, delivery):
    """Whether ``user`` can make a link, with which anybody can download the files."""
    petition = delivery.petition
    may = can(user, "export", petition) and can(user, "change", petition, Delivery)
    return may and delivery.state in recipient_links.SHARED


class ShareView(DeliveryMixin, PetitionFormView):
    """Makes a link. It is shown once, since only its hash is stored."""

    action = "export"
    permission_model = Signature
    page_title = gettext_lazy("Share with recipient")
    form_class = ShareForm
    submit_button_label = gettext_lazy("Create link")
    template_name = "wagtail_petition/admin/delivery_share.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if not may_share(request.user, self.delivery):
            raise Http404

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "instance": self.delivery,
            "notified": notifications.count(self.delivery),
        }

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.refuse(form, _("The link could not be created due to errors."))
        with transaction.atomic():
            ready = Delivery.objects.filter(pk=self.delivery.pk, state=Delivery.State.READY)
            ready.update(**form.after_receipt())
            link, token = recipient_links.make(
                self.delivery,
                user=request.user,
                expires_at=timezone.now() + timedelta(days=form.cleaned_data["days"]),
            )
            self.log("share_delivery", link=link.pk)
        page = get_page(self.petition, self.delivery.language)
        address = addresses.step_url(page, "recipient", token, request=request)
        self.template_name = "wagtail_petition/admin/delivery_shared.html"
        response = self.render_to_response(self.get_context_data(link=link, address=address))
        response["Cache-Control"] = "no-store, private"
        return response


class RevokeLinkView(DeliveryMixin, PetitionView):
    """Revokes a link, after asking."""

    action = "change"
    page_title = gettext_lazy("Revoke link")
    template_name = "wagtail_petition/admin/delivery_revoke_link.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.link = get_object_or_404(self.delivery.recipient_links, pk=kwargs["link"])

    def post(self, request, *args, **kwargs):
        with transaction.atomic():
            if recipient_links.revoke(self.link):
                self.log("revoke_delivery_link", link=self.link.pk)
        messages.success(request, _("Link revoked. It has stopped working."))
        return self.back()

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "link": self.link}


class EraseAnswerView(EraseMixin, PetitionView):
    """Erases the name, office and note of the recipient's answer, after asking."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.answer = get_object_or_404(
            self.delivery.acknowledgements, pk=kwargs["answer"], erased_at=None
        )

    def erase(self):
        acknowledgement.erase(self.answer, user=self.request.user)
        self.log("erase_delivery_note")

    def get_context_data(self, **kwargs):
        answer = self.answer
        who = ", ".join(filter(None, [answer.name, answer.office]))
        note = {"received_by": who, "note": answer.note}
        return {**super().get_context_data(**kwargs), "note": note}
