"""An update: news about a petition, as a page below the petition's page."""

import datetime
from html import unescape
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpRequest
from django.utils.functional import Promise, cached_property
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from rest_framework.fields import CharField, UUIDField
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    Panel,
)
from wagtail.api import APIField
from wagtail.utils.decorators import cached_classmethod

from wagtail_petition.clock import local_date
from wagtail_petition.conf import settings

from .languages import PageLanguages
from .lookup import petition_page_at, petition_page_models
from .mixin import PetitionPageMixin
from .panels import bind_tabs
from .update_fields import SUMMARY_LENGTH, PetitionUpdateFields


class PetitionUpdateMixin(PageLanguages, PetitionUpdateFields):
    """All features of an update, for your own page type.

    ``class CampaignUpdatePage(PetitionUpdateMixin, BasePage)`` is a complete update page. It is
    created below a petition page of any type, and doesn't override ``serve``.
    """

    if TYPE_CHECKING:
        # Attributes of the page type.
        title: str
        live: bool
        path: str
        steplen: int
        content_panels: list[Panel]
        promote_panels: list[Panel]
        settings_panels: list[Panel]
        base_form_class: type

    # If your base page has api_fields too, list both in your page type.
    api_fields = [
        APIField("date"),
        APIField("introduction"),
        APIField("image"),
        APIField("image_alt_text"),
        APIField("body"),
        APIField("petition_key", serializer=UUIDField(source="petition_page.petition_key")),
        APIField("organisation", serializer=CharField(source="get_organisation")),
    ]

    update_panels: ClassVar[list[Panel]] = [
        FieldPanel("date"),
        FieldPanel("introduction"),
        MultiFieldPanel(
            [FieldPanel("image"), FieldPanel("image_alt_text")], heading=_("Image"), icon="image"
        ),
        FieldPanel("body"),
        FieldPanel("in_timeline"),
        FieldPanel("email_subject"),
    ]

    subpage_types: ClassVar[list] = []

    class Meta:
        abstract = True

    @classmethod
    def clean_parent_page_models(cls) -> list[type]:
        """The page types below which updates can be created: all petition page types.

        Your page type can name others in ``parent_page_types``.
        """
        if getattr(cls, "parent_page_types", None) is not None:
            return super().clean_parent_page_models()
        return petition_page_models()

    @cached_classmethod
    def get_edit_handler(cls) -> Panel:
        """The editor's tabs. You can override this method, or the lists of panels that it uses."""
        return bind_tabs(
            cls,
            ([*cls.content_panels, *cls.update_panels], _("Content")),
            (cls.promote_panels, _("Promote")),
            (cls.settings_panels, _("Settings")),
        )

    # The petition

    @cached_property
    def petition_page(self) -> PetitionPageMixin | None:
        """The petition's page in the same language, live or not; None if there is none above."""
        return petition_page_at(self.path[: -self.steplen]) if self.path else None

    def get_organisation(self) -> str:
        """The organisation whose update this is: the petition's. You can override this method."""
        return self.petition_page.get_organisation() if self.petition_page else ""

    # Its texts

    @property
    def summary(self) -> str:
        """The introduction as one line, or else the beginning of the text."""
        text = self.introduction or next(
            (
                unescape(strip_tags(block.value.source.replace("</p>", "</p> ")))
                for block in self.body
                if block.block_type == "text" and block.value
            ),
            "",
        )
        return Truncator(" ".join(text.split())).chars(SUMMARY_LENGTH)

    def get_email_subject(self) -> str:
        """The subject of the email, on one line. You can override this method."""
        return " ".join((self.email_subject or self.title).split())

    @property
    def shown_date(self) -> datetime.date:
        """The date, or today in a draft without one."""
        return self.date or local_date()

    # Templates and previews

    @property
    def preview_modes(self) -> list[tuple[str, str | Promise]]:
        """The page, and the email. You can override this method to offer others."""
        return [("", _("Default")), ("email", _("Email"))]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str | list[str]:
        """The template of the email, or the page's own."""
        if mode_name == "email":
            return "wagtail_petition/admin/update_preview.html"
        return super().get_preview_template(request, mode_name)

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> list[str]:
        """The page type's own template, as Wagtail names it, or else ours."""
        own = super().get_template(request, *args, **kwargs)
        return [own, "wagtail_petition/update_page.html"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds ``base_template``, and ``petition_page`` unless visitors can't see it."""
        context = super().get_context(request, *args, **kwargs)
        context["base_template"] = settings.BASE_TEMPLATE
        above = self.petition_page
        is_shown = above and (above.live or getattr(request, "is_preview", False))
        context["petition_page"] = above if is_shown else None
        return context
