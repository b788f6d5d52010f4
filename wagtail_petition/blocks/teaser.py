"""A teaser of a petition for other pages: title, count, progress and a button."""

from typing import Any

from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .preview import PreviewMeta


class PetitionChooserBlock(blocks.PageChooserBlock):
    """Chooses a petition page of any installed type."""

    @cached_property
    def target_models(self) -> list[type[Model]]:
        """The installed petition page types.

        Recognised by an attribute, because blocks can't import the mixin.
        """
        from wagtail.models import get_page_models  # Needs all apps to be loaded.

        return [model for model in get_page_models() if hasattr(model, "petition_key")]

    def deconstruct(self):
        """In migrations it is a plain page chooser, because the types depend on the site."""
        _path, args, kwargs = super().deconstruct()
        kwargs.pop("page_type", None)
        return "wagtail.blocks.PageChooserBlock", args, kwargs


class TeaserValue(blocks.StructValue):
    """The value of a teaser."""

    @cached_property
    def shown_page(self) -> Any:
        """The page in the reader's language, or the chosen one. None if it isn't live."""
        page = self.get("page")
        page = page and page.localized.specific
        return page if page and page.live else None


class PetitionTeaserBlock(blocks.StructBlock):
    """Invites readers of any page to sign a petition, in the reader's language."""

    page = PetitionChooserBlock(label=_("Petition"))

    def get_context(
        self, value: TeaserValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Adds ``shown_page``, if all readers of the surrounding page may see it, else None."""
        context = super().get_context(value, parent_context)
        shown, around = value.shown_page, (parent_context or {}).get("page")
        if not hasattr(around, "get_view_restrictions"):
            around = None  # A preview, or a view of the site.
        context["shown_page"] = shown if shown and shown.is_open_to_readers_of(around) else None
        return context

    class Meta(PreviewMeta):
        icon = "form"
        label = _("Petition")
        template = "wagtail_petition/blocks/teaser.html"
        value_class = TeaserValue
        description = _("Title, count and a button that lead to a petition.")
