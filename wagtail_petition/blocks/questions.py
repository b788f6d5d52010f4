"""The questions that an editor adds to the form.

They are blocks instead of form fields of ``wagtail.contrib.forms``, because the ids of blocks and
choices are the same in every translation. So answers in different languages can be compared.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from wagtail_petition.forms.fields import AnswerField, WholeNumberField

from .preview import PreviewMeta

NOT_IN_LIST = _("Choose an answer from the list.")


class QuestionBlock(blocks.StructBlock):
    """The base of all types of questions. Your own type is a subclass with a form field."""

    label = blocks.CharBlock(max_length=200, label=_("Question"))
    help_text = blocks.CharBlock(
        max_length=250,
        required=False,
        label=_("Help text"),
        help_text=_("Explain why you ask or what to enter."),
    )
    required = blocks.BooleanBlock(
        required=False,
        label=_("Required"),
    )

    form_field_class: type[forms.Field] = forms.CharField

    def get_choices(self, value: blocks.StructValue) -> list[tuple[str, str]]:
        """The choices as (choice id, label) pairs. Ids are the same in every language."""
        choices = value.get("choices")
        return [(c.id or c.value, c.value) for c in choices.bound_blocks] if choices else []

    def get_form_field(self, value: blocks.StructValue) -> forms.Field:
        """The form field for this question. Override ``get_form_field_options`` to change it."""
        return self.form_field_class(
            label=value.get("label"),
            help_text=value.get("help_text") or "",
            required=bool(value.get("required")),
            **self.get_form_field_options(value),
        )

    def get_form_field_options(self, value: blocks.StructValue) -> dict[str, Any]:
        """Additional arguments for the form field."""
        return {}

    def get_answer(self, cleaned: Any) -> Any:
        """The value to store for a valid answer: text, number, boolean, or list of choice ids."""
        return cleaned


class QuestionMeta(PreviewMeta):
    """Base for the questions' ``Meta``."""

    template = "wagtail_petition/blocks/question.html"
    label_format = "{label}"


def _choices(label):
    return blocks.ListBlock(blocks.CharBlock(max_length=200, label=_("Choice")), label=label)


def _preview(label, **kwargs):
    return {"label": label, "help_text": "", "required": False, **kwargs}


class ShortTextBlock(QuestionBlock):
    """A line of text."""

    form_field_class = AnswerField

    def get_form_field_options(self, value: blocks.StructValue) -> dict[str, Any]:
        return {"max_length": 200}

    class Meta(QuestionMeta):
        icon = "form"
        label = _("Short text")
        description = _("A question answered in one line.")
        preview_value = _preview(_("In which state do you vote?"))


class LongTextBlock(QuestionBlock):
    """Several lines of text."""

    form_field_class = AnswerField

    def get_form_field_options(self, value: blocks.StructValue) -> dict[str, Any]:
        return {"max_length": 2000, "widget": forms.Textarea(attrs={"rows": 4})}

    class Meta(QuestionMeta):
        icon = "pilcrow"
        label = _("Long text")
        description = _("A question answered in a few sentences.")
        preview_value = _preview(_("Why does this matter to you?"))


class OneChoiceBlock(QuestionBlock):
    """One of several choices."""

    choices = _choices(_("Choices"))
    shown_as = blocks.ChoiceBlock(
        choices=[("radio", _("Radio buttons")), ("list", _("Drop-down"))],
        default="radio",
        label=_("Display as"),
    )

    form_field_class = forms.ChoiceField

    def get_form_field_options(self, value: blocks.StructValue) -> dict[str, Any]:
        choices = self.get_choices(value)
        options = {"choices": choices, "error_messages": {"invalid_choice": NOT_IN_LIST}}
        if value.get("shown_as") == "list":
            return options | {"choices": [("", _("Choose …")), *choices]}
        return options | {"widget": forms.RadioSelect}

    class Meta(QuestionMeta):
        icon = "radio-full"
        label = _("Single choice")
        description = _("A question with exactly one of several answers.")
        preview_value = _preview(
            _("Do you vote from abroad?"), choices=[_("Yes"), _("No")], shown_as="radio"
        )


class SeveralChoicesBlock(QuestionBlock):
    """Any number of choices."""

    choices = _choices(_("Choices"))

    form_field_class = forms.MultipleChoiceField

    def get_form_field_options(self, value: blocks.StructValue) -> dict[str, Any]:
        return {
            "choices": self.get_choices(value),
            "widget": forms.CheckboxSelectMultiple,
            "error_messages": {"invalid_choice": NOT_IN_LIST, "invalid_list": NOT_IN_LIST},
        }

    class Meta(QuestionMeta):
        icon = "list-ul"
        label = _("Multiple choice")
        description = _("A question with any number of several answers.")
        preview_value = _preview(
            _("How can you help?"), choices=[_("Collect signatures"), _("Translate")]
        )


class TickBoxBlock(QuestionBlock):
    """Yes or no."""

    form_field_class = forms.BooleanField

    class Meta(QuestionMeta):
        icon = "check"
        label = _("Checkbox")
        description = _("A single checkbox.")
        preview_value = _preview(_("I am a citizen of the United States"))


class NumberBlock(QuestionBlock):
    """A whole number."""

    form_field_class = WholeNumberField

    def get_form_field_options(self, value: blocks.StructValue) -> dict[str, Any]:
        return {"widget": forms.TextInput(attrs={"inputmode": "numeric"})}

    class Meta(QuestionMeta):
        icon = "decimal"
        label = pgettext_lazy("an answer", "Number")
        description = _("A question answered with a whole number.")
        preview_value = _preview(_("For how many years have you lived abroad?"))


class DateBlock(QuestionBlock):
    """A date."""

    form_field_class = forms.DateField

    def get_form_field_options(self, value: blocks.StructValue) -> dict[str, Any]:
        return {
            "widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "error_messages": {"invalid": _("Enter a date, like 2026-11-26.")},
        }

    def get_answer(self, cleaned: Any) -> Any:
        return cleaned.isoformat() if cleaned else None

    class Meta(QuestionMeta):
        icon = "date"
        label = _("Date")
        description = _("A question answered with a date.")
        preview_value = _preview(_("When did you move?"))


class QuestionsBlock(blocks.StreamBlock):
    """The questions, in the order of the form."""

    short_text = ShortTextBlock()
    long_text = LongTextBlock()
    one_choice = OneChoiceBlock()
    several_choices = SeveralChoicesBlock()
    tick_box = TickBoxBlock()
    number = NumberBlock()
    date = DateBlock()
