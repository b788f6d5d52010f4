"""The organisation's own pages."""

from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page

from wagtail_petition.models import PetitionPage


class HomePage(Page):
    """The front page: who we are, and what we ask for at the moment."""

    strapline = models.CharField(max_length=200)
    introduction = RichTextField(features=["bold", "italic", "link"])
    petitions_heading = models.CharField(max_length=100)

    content_panels = [*Page.content_panels, "strapline", "introduction", "petitions_heading"]

    def get_context(self, request, *args, **kwargs):
        """Adds the petitions in this page's language."""
        context = super().get_context(request, *args, **kwargs)
        context["petitions"] = PetitionPage.objects.child_of(self).live()
        return context


class StandardPage(Page):
    """Running text."""

    body = RichTextField(features=["h2", "h3", "bold", "italic", "link", "ol", "ul"])

    content_panels = [*Page.content_panels, "body"]
