"""The views to share a delivery with its recipient by a private link, and to revoke one."""

from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_petition import addresses, ledger
from wagtail_petition.access.permissions import can
from wagtail_petition.admin.base import PetitionFormView, PetitionView
from wagtail_petition.admin.deliveries.share_form import ShareForm
from wagtail_petition.delivery import (
    access_code,
    acknowledgement,
    notifications,
    recipient_links,
)
from wagtail_petition.models import Delivery, Signature
from wagtail_petition.pages.lookup import get_page

from .base import DeliveryMixin
from .notes import EraseMixin


def may_share(user, delivery):
    """Whether ``user`` can make a link, with which anybody can download the files."""
    petition = delivery.petition
    may = can(user, "export", petition) and can(user, "change", petition, Delivery)
    return may and delivery.state in recipient_links.SHARED


def set_after_receipt(delivery, form):
    """Store what a form says about what happens when the recipient confirms receipt."""
    if chosen := form.after_receipt():
        Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.READY).update(**chosen)


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
            "user": self.request.user,
            "notified": notifications.count(self.delivery),
        }

    def post(self, request, *args, **kwargs):
        with transaction.atomic():
            # Of two requests at the same time, the second one sees what the first one did.
            ledger.lock(self.petition.pk)
            form = self.get_form()
            if not form.is_valid():
                return self.refuse(form, _("The link could not be created due to errors."))
            link, token = self.make_link(form)
        page = get_page(self.petition, self.delivery.language)
        address = addresses.step_url(page, "recipient", token, request=request)
        self.template_name = "wagtail_petition/admin/delivery_shared.html"
        context = self.get_context_data(link=link, address=address, token=token)
        response = self.render_to_response(context)
        response["Cache-Control"] = "no-store, private"
        return response

    def make_link(self, form):
        """Make the link, or return the same one again if the form was sent twice."""
        chosen, user = form.cleaned_data, self.request.user
        is_new = not form.was_repeated(chosen["key"])
        link, token = recipient_links.make(
            self.delivery,
            user=user,
            expires_at=timezone.now() + timedelta(days=chosen["days"]),
            code=access_code.hashed(chosen["code"]),
            key=chosen["key"],
        )
        if is_new:
            set_after_receipt(self.delivery, form)
            self.log("share_delivery", link=link.pk)
        return link, token


class CoverSheetView(DeliveryMixin, PetitionView):
    """A page to print and put on top of a posted delivery, with the link as text and QR code.

    The token comes from the page that showed the link, because it isn't stored.
    """

    action = "export"
    permission_model = Signature
    page_title = gettext_lazy("Cover sheet")
    template_name = "wagtail_petition/admin/delivery_cover_sheet.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if not may_share(request.user, self.delivery):
            raise Http404
        self.link = get_object_or_404(self.delivery.recipient_links, pk=kwargs["link"])

    def get(self, request, *args, **kwargs):
        messages.error(
            request, _("A cover sheet can be printed only when its link has just been created.")
        )
        return self.back()

    def post(self, request, *args, **kwargs):
        token = request.POST.get("token", "")
        if not recipient_links.is_token_of(self.link, token):
            return self.get(request, *args, **kwargs)
        page = get_page(self.petition, self.delivery.language)
        # For the user, in the language of the admin.
        hint = _("Print this page in black and white on A4 or Letter paper.")
        hint_language = translation.get_language()
        with translation.override(self.delivery.language):
            context = {
                "hint": hint,
                "hint_language": hint_language,
                "delivery": self.delivery,
                "link": self.link,
                "page": page,
                "organisation": page.get_organisation() if page else "",
                "contents": acknowledgement.contents(self.delivery),
                "files": recipient_links.files(self.delivery),
                "address": addresses.step_url(page, "recipient", token, request=request),
            }
            response = render(request, self.template_name, context)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "no-referrer"
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
        self.answer = get_object_or_404(self.delivery.acknowledgements, pk=kwargs["answer"])

    def is_erased(self):
        return self.answer.erased_at is not None

    def erase(self):
        acknowledgement.erase(self.answer, user=self.request.user)
        self.log("erase_delivery_note")

    def get_context_data(self, **kwargs):
        answer = self.answer
        who = ", ".join(filter(None, [answer.name, answer.office]))
        note = {"received_by": who, "note": answer.note}
        return {**super().get_context_data(**kwargs), "note": note}
