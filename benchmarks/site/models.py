"""The peers: a page with one text, and the form that Wagtail offers for the same questions."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField
from wagtail.fields import RichTextField
from wagtail.models import Page


class BarePage(Page):
    """A page as most sites have it."""

    body = RichTextField(blank=True)


class FormField(AbstractFormField):
    """One field of the form."""

    page = ParentalKey("FormPage", on_delete=models.CASCADE, related_name="form_fields")


class FormPage(AbstractForm):
    """A contrib.forms page as its documentation builds it, without mail."""

    thank_you_text = RichTextField(blank=True)
