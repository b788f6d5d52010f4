"""The page type for sites whose pages are on ``wagtailcore.Page``.

Imported only there: a page type of ours can't be on a base page that a site made itself.
"""

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from wagtail_petition.pages.mixin import PetitionPageMixin


class PetitionPage(PetitionPageMixin, Page):
    """A petition page for sites that need no page type of their own."""

    class Meta:
        verbose_name = _("petition page")
        verbose_name_plural = _("petition pages")
