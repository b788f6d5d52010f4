"""The fields of the public form, with messages that say what to do."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wagtail_petition.identity import emails, names

from . import numbers

# JSON readers and spreadsheets store smaller numbers exactly.
LARGEST_NUMBER = 10**15


class PlainCharField(forms.CharField):
    """A text without NUL characters. They get an error message."""

    def to_python(self, value: Any) -> str:
        value = super().to_python(value)
        if "\x00" in value:
            raise ValidationError(
                _(
                    "This contains a character we can’t store. Please type it again instead of "
                    "pasting."
                ),
                code="null",
            )
        # Browsers count a line break as one character, but send two.
        return value.replace("\r\n", "\n")


class NameField(PlainCharField):
    """A name or place on one line, cleaned by ``names.clean_name``."""

    def __init__(self, *, max_length: int = names.NAME_LENGTH, **kwargs: Any) -> None:
        # Not ``max_length``, because the length is checked after cleaning, which may shorten it.
        self.stored_length = max_length
        super().__init__(**kwargs)
        self.widget.attrs["maxlength"] = max_length

    def to_python(self, value: Any) -> str:
        return names.clean_name(super().to_python(value), str(self.label), self.stored_length)


class FamilyNameField(NameField):
    """A last name. If it is required, a dash means that there is none."""

    NONE = ("-", "\u2010", "\u2011", "\u2013", "\u2014")

    def clean(self, value: Any) -> str:
        name = super().clean(value)
        return "" if name in self.NONE else name


class PostcodeField(NameField):
    """A postcode, stored in capitals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(str(value or "").upper())


class EmailField(PlainCharField):
    """An email address, normalised by ``identity.emails.normalise_email``."""

    widget = forms.EmailInput

    def to_python(self, value: Any) -> str:
        value = super().to_python(value)
        # A longer value gets its message from the validator of max_length.
        is_short = self.max_length is None or len(value) <= self.max_length
        return emails.normalise_email(value) if value and is_short else value


class AnswerField(PlainCharField):
    """A free-text answer."""

    default_error_messages = {
        "max_length": _("Shorten your answer to %(limit_value)d characters or fewer.")
    }


class WholeNumberField(PlainCharField):
    """A whole number in the format of the active language. Cleans to an int, or None."""

    def to_python(self, value: Any) -> Any:
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
    """Where the signer came from: a short word of letters, digits and hyphens, or "".

    An invalid value becomes "" without an error, since the signer didn't type it.
    """

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> str:
        source = (super().to_python(value) or "").lower()[:32]
        return source if source.replace("-", "").isalnum() and source.isascii() else ""
