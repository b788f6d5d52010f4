"""What a site with a base page of its own does with the package."""

from django.db import models
from wagtail.models import Page

from wagtail_petition.models import PetitionPageMixin


class BasePage(Page):
    """The site's own base for all its pages."""

    strapline = models.CharField(max_length=100, blank=True)

    content_panels = [*Page.content_panels, "strapline"]

    class Meta:
        abstract = True


class CampaignPage(PetitionPageMixin, BasePage):
    """A petition page type of the site's own."""

    def get_organisation(self):
        return self.organisation or "The Campaign"
