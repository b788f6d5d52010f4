"""The form to share a delivery with its recipient."""

from typing import Any

from django import forms
from django.utils.formats import localize
from django.utils.translation import gettext_lazy, ngettext

from wagtail_petition.models import Delivery

DAYS = [
    (7, gettext_lazy("7 days")),
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
]


class ShareForm(forms.ModelForm):
    """How long a link works, and what happens when the recipient confirms receipt."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("The link works for"), coerce=int, choices=DAYS, initial=30
    )

    class Meta:
        model = Delivery
        fields = ["is_public", "tells_signers"]

    def __init__(self, *args: Any, notified: int = 0, **kwargs: Any) -> None:
        """``notified`` is how many signers in the delivery opted in to updates."""
        super().__init__(*args, **kwargs)
        self.order_fields(["days"])
        if self.instance.state != Delivery.State.READY:
            del self.fields["is_public"], self.fields["tells_signers"]
            return
        self.fields["is_public"].help_text = gettext_lazy(
            "When receipt is confirmed, adds “Delivered to …” to the page and its timeline."
        )
        if not notified:
            self.fields["tells_signers"].disabled = True
            self.fields["tells_signers"].help_text = gettext_lazy(
                "No signers in this delivery have opted in to updates."
            )
            return
        self.fields["tells_signers"].help_text = ngettext(
            "When receipt is confirmed, emails the %(count)s signer in this delivery who opted in "
            "to updates.",
            "When receipt is confirmed, emails the %(count)s signers in this delivery who opted in "
            "to updates.",
            notified,
        ) % {"count": localize(notified)}

    def after_receipt(self) -> dict[str, bool]:
        """The fields of the delivery that say what happens when receipt is confirmed."""
        names = ("is_public", "tells_signers")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
