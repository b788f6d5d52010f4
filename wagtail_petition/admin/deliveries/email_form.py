"""The form to send a delivery to its recipient by email."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition.admin.deliveries.share_form import ShareForm
from wagtail_petition.delivery import access_code, recipient_emails, recipient_texts
from wagtail_petition.formats import language_name
from wagtail_petition.forms.fields import EmailField, PlainCharField
from wagtail_petition.identity.address_lists import read_addresses
from wagtail_petition.models import DeliveryEmail, RecipientLink

REMINDERS = [
    (0, gettext_lazy("No reminder")),
    (7, gettext_lazy("After 7 days")),
    (14, gettext_lazy("After 14 days")),
    (30, gettext_lazy("After 30 days")),
]


class AddressesField(PlainCharField):
    """Email addresses on one line. Cleans to a list of normalised ones."""

    def to_python(self, value: Any) -> Any:
        return read_addresses(super().to_python(value))


class EmailForm(ShareForm):
    """To whom a delivery is sent, what the email says, and how its link works."""

    to = AddressesField(
        label=gettext_lazy("To"), help_text=gettext_lazy("Separate several addresses with commas.")
    )
    cc = AddressesField(label=gettext_lazy("CC"), required=False)
    reply_to = EmailField(
        label=gettext_lazy("Reply-to"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Where answers go."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("Of what is added below your text, and of the suggested text."),
    )
    subject = PlainCharField(label=gettext_lazy("Subject"), max_length=200)
    text = PlainCharField(
        label=gettext_lazy("Text"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("The private link and until when it works are added below it."),
    )
    remind = forms.TypedChoiceField(
        label=gettext_lazy("Reminder"),
        coerce=int,
        choices=REMINDERS,
        initial=7,
        help_text=gettext_lazy("Sent once, if the recipient hasn’t confirmed or declined by then."),
    )
    revokes = forms.BooleanField(
        label=gettext_lazy("Revoke the link in the earlier email"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Every email has a new link, since links aren’t stored. Untick this if the earlier "
            "email went to someone else."
        ),
    )

    def __init__(
        self, *args: Any, languages: list[str], reply_to: str, earlier: bool, **kwargs: Any
    ) -> None:
        """``languages`` are codes of what may be chosen, ``reply_to`` is the suggested address.

        ``earlier`` is whether the link of an earlier email still works.
        """
        super().__init__(*args, **kwargs)
        delivery = self.instance
        language = delivery.language if delivery.language in languages else "en"
        last = delivery.emails.filter(erased_at=None).first()
        suggested = recipient_texts.get_text(delivery, language)
        known = recipient_texts.get_addresses(delivery)
        initial = {
            "to": ", ".join(last.to if last else known.addresses),
            "cc": ", ".join(last.cc) if last else "",
            "reply_to": last.reply_to if last else reply_to,
            "language": last.language if last else language,
            "subject": last.subject if last else suggested.subject,
            "text": last.text if last else suggested.text,
        }
        for name, value in initial.items():
            self.fields[name].initial = value
        self.fields["language"].choices = [(code, language_name(code)) for code in languages]
        missing = "" if last else recipient_texts.describe_missing(known)
        if missing:
            self.fields["to"].help_text = f"{self.fields['to'].help_text} {missing}"
        if not earlier:
            del self.fields["revokes"]
        first = ["to", "cc", "reply_to", "language", "subject", "text"]
        self.order_fields([*first, "days", "remind", "code", "revokes"])

    def was_repeated(self, key: Any) -> bool:
        return recipient_emails.was_sent(key)

    def clean_subject(self):
        return " ".join(self.cleaned_data["subject"].split())

    def clean(self):
        cleaned = super().clean()
        remind, days = cleaned.get("remind"), cleaned.get("days")
        if remind and days and remind >= days:
            self.add_error("remind", _("The link stops working before the reminder."))
        if not self.errors and set(cleaned["to"]) & set(cleaned["cc"]):
            self.add_error("cc", _("This address is also under “To”."))
        return cleaned

    def get_email(self) -> DeliveryEmail:
        """The unsaved email and its unsaved link, from a valid form."""
        chosen, now = self.cleaned_data, timezone.now()
        link = RecipientLink(
            delivery=self.instance,
            created_at=now,
            created_by=self.user,
            expires_at=now + timedelta(days=chosen["days"]),
            code=access_code.hashed(chosen["code"]),
        )
        return DeliveryEmail(
            delivery=self.instance,
            link=link,
            key=chosen["key"],
            to=chosen["to"],
            cc=chosen["cc"],
            reply_to=chosen["reply_to"],
            language=chosen["language"],
            subject=chosen["subject"],
            text=chosen["text"],
            remind_at=now + timedelta(days=chosen["remind"]) if chosen["remind"] else None,
        )
