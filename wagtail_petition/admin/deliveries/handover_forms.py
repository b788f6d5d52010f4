"""The forms to mark a delivery as delivered, and to add to its record."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.widgets import AdminDateInput

from wagtail_petition.clock import local_date
from wagtail_petition.models import Delivery, DeliveryNote


def clean_upload(upload):
    """An uploaded file, or None. Raises ``ValidationError`` if it is too large."""
    if upload and upload.size > 20 * 1024 * 1024:
        raise ValidationError(_("Choose a file of 20 MB or less."))
    return upload


class ReceiptMixin(forms.Form):
    """A form with the upload of a receipt."""

    receipt = forms.FileField(
        label=gettext_lazy("Receipt"),
        required=False,
        help_text=gettext_lazy("A scan or photo of the signed receipt. Not public."),
    )

    def clean_receipt(self):
        return clean_upload(self.cleaned_data["receipt"])


class HandoverForm(ReceiptMixin, forms.ModelForm):
    """When, where and to whom a delivery was handed over."""

    before_withdrawals = forms.BooleanField(
        label=gettext_lazy("It was delivered before they withdrew"),
        help_text=gettext_lazy(
            "Otherwise rebuild the delivery without them before you deliver it."
        ),
    )

    class Meta:
        model = Delivery
        fields = ["delivered_on", "place", "received_by", "note", "is_public", "tells_signers"]
        widgets = {"delivered_on": AdminDateInput, "note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, gone=0, notified=0, **kwargs):
        """``gone`` and ``notified`` are numbers of signatures in the delivery.

        ``gone`` no longer count, ``notified`` opted in to updates.
        """
        super().__init__(*args, **kwargs)
        self.fields["tells_signers"].help_text = ngettext(
            "Emails the %(count)s signer in this delivery who opted in to updates.",
            "Emails the %(count)s signers in this delivery who opted in to updates.",
            notified,
        ) % {"count": localize(notified)}
        if not notified:
            self.fields["tells_signers"].disabled = True
            self.fields["tells_signers"].help_text = _(
                "No signers in this delivery have opted in to updates."
            )
        if not gone:
            del self.fields["before_withdrawals"]
        self.fields["delivered_on"].required = True
        self.fields["delivered_on"].initial = local_date()
        self.order_fields(["delivered_on", "place", "received_by", "note", "receipt"])

    def clean_delivered_on(self):
        day = self.cleaned_data["delivered_on"]
        if day > local_date():
            raise ValidationError(_("The date can’t be in the future."))
        return day


class NoteForm(ReceiptMixin, forms.ModelForm):
    """What is added. At least one field is needed."""

    class Meta:
        model = DeliveryNote
        fields = ["place", "received_by", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}

    def clean(self):
        super().clean()
        if not self.errors and not any(self.cleaned_data.values()):
            raise ValidationError(_("Enter what to add, or choose a receipt."))
        return self.cleaned_data
