"""A petition page type, and one of updates, on the site's own base page."""

from tests.swapped.basepage.models import BasePage
from wagtail_petition.models import PetitionPageMixin, PetitionUpdateMixin


class CampaignPage(PetitionPageMixin, BasePage):
    pass


class CampaignUpdatePage(PetitionUpdateMixin, BasePage):
    pass
