"""The forms of actions on signatures."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_petition.formats import number


class ReasonForm(forms.Form):
    """Asks for the reason, for the log."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=255,
        required=False,
        help_text=gettext_lazy(
            "Shown in the history. Don’t include personal data: the history is kept after "
            "signatures are erased."
        ),
    )

    def __init__(self, *args, action, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = action.needs_reason
        if not action.asks_reason:
            del self.fields["reason"]


class NumberForm(ReasonForm):
    """Asks for the reason and the number of signatures, to confirm an action on many."""

    number = forms.CharField(
        label=gettext_lazy("Number of signatures"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, count, **kwargs):
        super().__init__(*args, **kwargs)
        self.count = count
        self.fields["number"].help_text = _("To confirm, type %(count)s.") % {
            "count": number(count)
        }

    def clean_number(self):
        # Accepts thousands separators and digits of any language.
        typed = "".join(filter(str.isalnum, self.cleaned_data["number"]))
        if not typed.isdecimal() or int(typed) != self.count:
            raise ValidationError(
                _("Type %(count)s, the number of signatures that are selected now.")
                % {"count": number(self.count)}
            )
        return self.count
