"""The view to send a delivery to its recipient by email."""

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_petition import ledger
from wagtail_petition.admin.base import PetitionFormView
from wagtail_petition.admin.deliveries.email_form import EmailForm
from wagtail_petition.admin.petitions.petition_pages import attach_pages
from wagtail_petition.delivery import notifications, recipient_emails, recipient_texts
from wagtail_petition.models import Signature
from wagtail_petition.pages.lookup import get_page

from .base import DeliveryMixin
from .recipient import may_share, set_after_receipt


class EmailView(DeliveryMixin, PetitionFormView):
    """Writes the email, shows it, and sends it once."""

    action = "export"
    permission_model = Signature
    page_title = gettext_lazy("Send by email")
    form_class = EmailForm
    submit_button_label = gettext_lazy("Send email")
    template_name = "wagtail_petition/admin/delivery_email.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if not may_share(request.user, self.delivery):
            raise Http404
        self.page = get_page(self.petition, self.delivery.language)
        links = self.delivery.recipient_links.exclude(email=None)
        self.has_earlier = any(link.works for link in links)

    @property
    def languages(self):
        """The languages of an email: English, the documents', and those of the pages."""
        attach_pages([self.petition])
        others = [page.language for page in self.petition.pages if page.live]
        return list(dict.fromkeys(["en", self.delivery.language, *others]))

    def get_form_kwargs(self):
        own = self.page.reply_to if self.page else ""
        return {
            **super().get_form_kwargs(),
            "instance": self.delivery,
            "user": self.request.user,
            "notified": notifications.count(self.delivery),
            "languages": self.languages,
            "reply_to": own or getattr(self.request.user, "email", ""),
            "earlier": self.has_earlier,
        }

    def post(self, request, *args, **kwargs):
        if "preview" in request.POST:
            return self.preview()
        with transaction.atomic():
            # Of two requests at the same time, the second one sees what the first one did.
            ledger.lock(self.petition.pk)
            form = self.get_form()
            if not form.is_valid():
                return self.refuse(form, _("The email could not be sent due to errors."))
            if form.was_repeated(form.cleaned_data["key"]):
                messages.info(request, _("This email has already been sent."))
                return self.back()
            self.send(form)
        messages.success(
            request, _("The email is on its way. This page shows when it was sent and opened.")
        )
        return self.back()

    def send(self, form):
        """Queue the email, and log it."""
        if form.cleaned_data.get("revokes"):
            for link in recipient_emails.revoke_earlier(self.delivery):
                self.log("revoke_delivery_link", link=link.pk)
        set_after_receipt(self.delivery, form)
        email = form.get_email()
        recipient_emails.send(email)
        self.log("email_delivery", link=email.link.pk)

    def preview(self):
        """Show the form again with the email below it."""
        form = self.get_form()
        if not form.is_valid():
            return self.refuse(form, _("The email can’t be shown due to errors."))
        sample = recipient_emails.sample(form.get_email())
        return self.render_to_response(self.get_context_data(form=form, sample=sample))

    def get_context_data(self, **kwargs):
        texts = {
            code: recipient_texts.get_text(self.delivery, code)._asdict() for code in self.languages
        }
        return {
            **super().get_context_data(**kwargs),
            "attachment": recipient_texts.describe_attachment(self.delivery),
            "texts": texts,
            "has_earlier": self.has_earlier,
        }
