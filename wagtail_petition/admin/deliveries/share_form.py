"""The form to share a delivery with its recipient."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_petition.clock import local_time
from wagtail_petition.delivery import access_code, recipient_links
from wagtail_petition.forms.fields import PlainCharField
from wagtail_petition.models import Delivery
from wagtail_petition.moments import with_zone

DAYS = [
    (7, gettext_lazy("7 days")),
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
]


class ShareForm(forms.ModelForm):
    """How long a link works, and what happens when the recipient confirms receipt.

    ``key`` is the same if the form is sent twice. ``newest`` is the delivery's newest link when
    the form was opened: if somebody has made another one since, the form asks once more.
    """

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    newest = forms.IntegerField(required=False, widget=forms.HiddenInput)
    days = forms.TypedChoiceField(
        label=gettext_lazy("The link works for"), coerce=int, choices=DAYS, initial=30
    )
    code = PlainCharField(
        label=gettext_lazy("Code"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Optional. The page asks for it before it shows anything. Tell the office by phone or "
            "letter, not by email. It isn’t shown again."
        ),
    )

    class Meta:
        model = Delivery
        fields = ["is_public", "tells_signers"]

    def __init__(self, *args: Any, user: Any = None, notified: int = 0, **kwargs: Any) -> None:
        """``notified`` is how many signers in the delivery opted in to updates."""
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4
        self.fields["newest"].initial = self._newest_link()[0]
        self.order_fields(["days", "code"])
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

    def _newest_link(self):
        """The id of the delivery's newest link and when it was made; 0 without any."""
        newest = self.instance.recipient_links.values_list("pk", "created_at")
        return newest.order_by("-pk").first() or (0, None)

    def was_repeated(self, key: uuid.UUID) -> bool:
        """Whether the form with ``key`` was sent before. Then it does nothing again."""
        return recipient_links.was_made(self.instance, user=self.user, key=key)

    def clean_code(self):
        code = self.cleaned_data["code"]
        if not code:
            return ""
        length = len(access_code.normalise(code))
        if not access_code.SHORTEST <= length <= access_code.LONGEST:
            raise ValidationError(
                _("Enter a code of %(shortest)d to %(longest)d letters and digits.")
                % {"shortest": access_code.SHORTEST, "longest": access_code.LONGEST}
            )
        return code

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        cleaned["key"] = cleaned.get("key") or uuid.uuid4()
        newest, made_at = self._newest_link()
        seen = cleaned.get("newest")
        if seen is None or seen == newest or self.was_repeated(cleaned["key"]):
            return cleaned
        # Shown again with the newest link, so that the next press of the button applies.
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("newest")] = str(newest)
        self.data = data
        raise ValidationError(
            _(
                "Another link was made on %(time)s, after you opened this form. Continue only if "
                "the recipient needs one more."
            )
            % {"time": with_zone(local_time(made_at))}
        )

    def after_receipt(self) -> dict[str, bool]:
        """The fields of the delivery that say what happens when receipt is confirmed."""
        names = ("is_public", "tells_signers")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
