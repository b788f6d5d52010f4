"""The organisation's own pages."""

from django.db import models
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from wagtail_petition.blocks import PetitionTeaserBlock


class HomePage(Page):
    """The front page: who we are, and what we ask for at the moment."""

    strapline = models.CharField(max_length=200)
    introduction = RichTextField(features=["bold", "italic", "link"])
    petitions_heading = models.CharField(max_length=100)
    petitions = StreamField([("petition", PetitionTeaserBlock())], blank=True)

    content_panels = [
        *Page.content_panels,
        "strapline",
        "introduction",
        "petitions_heading",
        "petitions",
    ]


class StandardPage(Page):
    """Running text."""

    body = RichTextField(features=["h2", "h3", "bold", "italic", "link", "ol", "ul"])

    content_panels = [*Page.content_panels, "body"]
