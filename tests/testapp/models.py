"""What a site with a base page of its own does with the package."""

from django.db import models
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import TranslatableField

from wagtail_petition.models import PetitionPageMixin, PetitionUpdateMixin

from .blocks import CampaignQuestionsBlock
from .forms import CampaignForm


class BasePage(Page):
    """The site's own base for all its pages."""

    strapline = models.CharField(max_length=100, blank=True)

    content_panels = [*Page.content_panels, "strapline"]

    class Meta:
        abstract = True


class CampaignPage(PetitionPageMixin, BasePage):
    """A petition page type of the site's own."""

    questions = StreamField(CampaignQuestionsBlock(required=False), blank=True)

    override_translatable_fields = [
        *PetitionPageMixin.override_translatable_fields,
        TranslatableField("strapline"),
    ]

    def get_organisation(self):
        return self.organisation or "The Campaign"

    def get_sign_form(self, data=None):
        return CampaignForm(self, data)


class CampaignUpdatePage(PetitionUpdateMixin, BasePage):
    """News of a petition, on the site's own base page."""

    override_translatable_fields = [
        *PetitionUpdateMixin.override_translatable_fields,
        TranslatableField("strapline"),
    ]
