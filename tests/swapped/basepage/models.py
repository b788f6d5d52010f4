"""The site's own base page, with none of the fields that Wagtail leaves to it."""

from django.db import models
from wagtail.models import AbstractPage


class BasePage(AbstractPage):
    category = models.CharField(max_length=100, blank=True)

    promote_panels = [*AbstractPage.promote_panels, "category"]
