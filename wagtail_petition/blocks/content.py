"""Content blocks: quotes, images, videos, calls to action."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.telepath import register
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageChooserBlock

from wagtail_petition import addresses
from wagtail_petition.blocks.defaults import DefaultedAdapter
from wagtail_petition.blocks.preview import PreviewMeta


class QuoteBlock(blocks.StructBlock):
    """A quotation."""

    text = blocks.TextBlock(label=_("Quotation"))
    author = blocks.CharBlock(max_length=200, required=False, label=_("Attribution"))
    source = blocks.URLBlock(required=False, label=_("Source"))

    class Meta(PreviewMeta):
        icon = "openquote"
        label = _("Quotation")
        template = "wagtail_petition/blocks/quote.html"
        description = _("A quote with attribution and source.")
        preview_value = {
            "text": _("A child belongs with its parents."),
            "author": "Anna Moretti",
            "source": "",
        }


class ImageBlock(blocks.StructBlock):
    """An image with an alternative text.

    Not Wagtail's ImageBlock, so that the alternative text is a translatable segment, also in a
    draft without the image.
    """

    image = ImageChooserBlock(label=_("Image"))
    alt_text = blocks.CharBlock(
        max_length=250,
        required=False,
        label=_("Alternative text"),
        help_text=_("Describe the image. Leave blank if it is decorative."),
    )
    caption = blocks.CharBlock(max_length=250, required=False, label=_("Caption"))
    credit = blocks.CharBlock(
        max_length=200,
        required=False,
        label=_("Credit"),
        help_text=_("Photographer or source."),
    )

    class Meta(PreviewMeta):
        icon = "image"
        label = _("Image")
        template = "wagtail_petition/blocks/image.html"
        description = _("An image with its description, caption and credit.")
        preview_value = {
            "image": None,
            "alt_text": "",
            "caption": _("Families at the border, June 2018"),
            "credit": "Anna Moretti",
        }


class VideoBlock(blocks.StructBlock):
    """A video, shown as a link until the reader plays it, so that no third party is contacted."""

    video = EmbedBlock(
        label=_("Video URL"),
        help_text=_("A page on YouTube, Vimeo or another service that offers embedding."),
    )
    title = blocks.CharBlock(
        max_length=200,
        required=False,
        label=_("Title"),
        help_text=_("What the video shows, in a few words."),
    )

    class Meta(PreviewMeta):
        icon = "media"
        label = _("Video")
        template = "wagtail_petition/blocks/video.html"
        description = _("A video that loads only when clicked.")
        preview_value = {"video": None, "title": _("A mother tells her story")}


# The form's anchor on the petition page.
FORM = "#petition-form"


class ActionValue(blocks.StructValue):
    """The value of a call to action."""

    @property
    def href(self) -> str:
        """The URL of the page in the reader's language, the URL given, or the form on this page."""
        if page := self.get("page"):
            return page.localized.url or ""
        return self.get("url") or FORM


class ActionBlock(blocks.StructBlock):
    """A call to action, shown as a button."""

    text = blocks.CharBlock(
        max_length=250, required=False, label=_("Text"), help_text=_("One or two sentences.")
    )
    button = blocks.CharBlock(
        max_length=60,
        required=False,
        label=_("Button"),
        help_text=_("Leave blank for “Sign this petition” in the language of the page."),
    )
    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    url = blocks.URLBlock(
        required=False,
        label=_("…or a URL"),
        help_text=_("If neither is set, the button links to the form."),
    )

    def get_context(
        self, value: ActionValue, parent_context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Adds ``href``. On an update, the form is on the petition's page."""
        context = super().get_context(value, parent_context)
        context["href"] = value.href
        above = getattr(context.get("page"), "petition_page", None)
        if above and value.href == FORM:
            context["href"] = addresses.page_link(above, context.get("request")) + FORM
        return context

    class Meta(PreviewMeta):
        icon = "arrow-right-full"
        label = _("Call to action")
        template = "wagtail_petition/blocks/action.html"
        value_class = ActionValue
        description = _("A button that leads to the form, or to another page.")
        preview_value = {
            "text": _("Every name counts."),
            "button": _("Sign this petition"),
            "page": None,
            "url": "",
        }


register(DefaultedAdapter(button=_("Sign this petition")), ActionBlock)
