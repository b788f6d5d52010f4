"""``PetitionPage`` and ``PetitionUpdatePage``, for sites that use Wagtail's own base page.

Not imported if ``WAGTAIL_PAGE_MODEL`` replaces it: a package can't inherit from a site's model.
"""

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from wagtail_petition.pages.mixin import PetitionPageMixin
from wagtail_petition.pages.update import PetitionUpdateMixin


class PetitionPage(PetitionPageMixin, Page):
    """A petition page, for sites that don't need their own page type."""

    class Meta:
        verbose_name = _("petition page")
        verbose_name_plural = _("petition pages")


class PetitionUpdatePage(PetitionUpdateMixin, Page):
    """An update about a petition, for sites that don't need their own page type."""

    class Meta:
        verbose_name = _("petition update")
        verbose_name_plural = _("petition updates")
