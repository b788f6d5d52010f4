"""Questions: form fields made from blocks, and their choices."""

import pytest
from django import forms

from wagtail_petition.blocks import QuestionsBlock
from wagtail_petition.blocks.questions import OneChoiceBlock
from wagtail_petition.forms.fields import WholeNumberField

CHOICES = [{"type": "item", "id": "a", "value": "Yes"}, {"type": "item", "id": "b", "value": "No"}]


def field(type_, **value):
    block = QuestionsBlock().child_blocks[type_]
    return block.get_form_field(block.to_python({"label": "Why?", **value}))


@pytest.mark.parametrize(
    ("type_", "field_class", "widget"),
    [
        ("short_text", forms.CharField, forms.TextInput),
        ("long_text", forms.CharField, forms.Textarea),
        ("one_choice", forms.ChoiceField, forms.RadioSelect),
        ("several_choices", forms.MultipleChoiceField, forms.CheckboxSelectMultiple),
        ("tick_box", forms.BooleanField, forms.CheckboxInput),
        ("number", WholeNumberField, forms.TextInput),
        ("date", forms.DateField, forms.DateInput),
    ],
)
def test_field_of_each_type(type_, field_class, widget):
    made = field(type_, help_text="We ask because.", required=True)
    assert isinstance(made, field_class)
    assert isinstance(made.widget, widget)
    assert (made.label, made.help_text, made.required) == ("Why?", "We ask because.", True)


def test_choices_are_told_apart_by_their_ids():
    assert field("one_choice", choices=CHOICES).choices == [("a", "Yes"), ("b", "No")]


def test_choices_as_a_list_begin_with_an_empty_one():
    made = field("one_choice", choices=CHOICES, shown_as="list")
    assert [value for value, _label in made.choices] == ["", "a", "b"]
    assert isinstance(made.widget, forms.Select)


def test_a_question_is_optional_unless_the_editor_says_otherwise():
    assert not any(field(name).required for name in QuestionsBlock().child_blocks)


def test_a_draft_without_choices_is_shown():
    block = OneChoiceBlock()
    assert block.get_form_field(block.to_python({})) is not None
