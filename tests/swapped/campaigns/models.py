"""A petition page type on the site's own base page."""

from tests.swapped.basepage.models import BasePage
from wagtail_petition.models import PetitionPageMixin


class CampaignPage(PetitionPageMixin, BasePage):
    pass
