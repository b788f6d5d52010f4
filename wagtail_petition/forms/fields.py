"""The fields of the public form: each says in words of its own what is wrong, and keeps the rest."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wagtail_petition.identity import emails, names

from . import numbers

# What every JSON reader and spreadsheet holds exactly.
LARGEST_NUMBER = 10**15


class PlainCharField(forms.CharField):
    """A line or a text of a person: no NUL, and words that say so."""

    def to_python(self, value):
        value = super().to_python(value)
        if "\x00" in value:
            raise ValidationError(
                _(
                    "This contains a character we can’t store. Please type it again instead of "
                    "pasting."
                ),
                code="null",
            )
        # A browser counts the end of a line as one character, and sends two.
        return value.replace("\r\n", "\n")


class NameField(PlainCharField):
    """A name or a place on one line: what ``names.clean_name`` leaves."""

    def __init__(self, *, max_length=names.NAME_LENGTH, **kwargs):
        # Counted as it is stored, which is shorter than what was sent: not by Django's validator.
        self.stored_length = max_length
        super().__init__(**kwargs)
        self.widget.attrs["maxlength"] = max_length

    def to_python(self, value):
        return names.clean_name(super().to_python(value), str(self.label), self.stored_length)


class FamilyNameField(NameField):
    """A last name. Where one is required, a dash says that there is none."""

    NONE = ("-", "\u2010", "\u2011", "\u2013", "\u2014")

    def clean(self, value):
        name = super().clean(value)
        return "" if name in self.NONE else name


class PostcodeField(NameField):
    """A postcode in capitals: people write them in any case, space and punctuation."""

    def __init__(self, **kwargs):
        super().__init__(max_length=20, **kwargs)

    def to_python(self, value):
        return super().to_python(str(value or "").upper())


class EmailField(PlainCharField):
    """An email address, as ``identity.emails.normalise_email`` gives it."""

    widget = forms.EmailInput

    def to_python(self, value):
        value = super().to_python(value)
        # What is too long is told as such, by the validator of max_length.
        is_short = self.max_length is None or len(value) <= self.max_length
        return emails.normalise_email(value) if value and is_short else value


class AnswerField(PlainCharField):
    """An answer in words."""

    default_error_messages = {
        "max_length": _("Shorten your answer to %(limit_value)d characters or fewer.")
    }


class WholeNumberField(PlainCharField):
    """A whole number, read as the page's language writes it; kept as an int, or None."""

    def to_python(self, value):
        value = super().to_python(value)
        if value in self.empty_values:
            return None
        number = numbers.read_whole_number(value)
        if number > LARGEST_NUMBER:
            raise ValidationError(_("Enter a smaller number."), code="max_value")
        if number < -LARGEST_NUMBER:
            raise ValidationError(_("Enter a larger number."), code="min_value")
        return number


class SourceField(forms.CharField):
    """Where the signer came from: a short word of letters, digits and hyphens, or nothing.

    Never an error: no person has typed it, and none could mend it.
    """

    widget = forms.HiddenInput

    def to_python(self, value):
        source = (super().to_python(value) or "").lower()[:32]
        return source if source.replace("-", "").isalnum() and source.isascii() else ""
