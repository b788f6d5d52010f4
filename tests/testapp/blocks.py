"""A question type of the site's own."""

from django import forms

from wagtail_petition.blocks import QuestionsBlock
from wagtail_petition.blocks.questions import QuestionBlock, QuestionMeta


class RatingBlock(QuestionBlock):
    """A mark from 1 to 5."""

    form_field_class = forms.IntegerField

    def get_form_field_options(self, value):
        return {"min_value": 1, "max_value": 5}

    class Meta(QuestionMeta):
        label = "Rating"


class CampaignQuestionsBlock(QuestionsBlock):
    """Our questions and the site's own."""

    rating = RatingBlock()
