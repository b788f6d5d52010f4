"""The body of a petition page."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_petition.blocks.content import ActionBlock, ImageBlock, QuoteBlock, VideoBlock
from wagtail_petition.blocks.links import LinksBlock
from wagtail_petition.blocks.preview import PreviewMeta
from wagtail_petition.blocks.timeline import TimelineBlock

RICH_TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class HeadingBlock(blocks.CharBlock):
    """A heading, one level below the page's title."""

    class Meta(PreviewMeta):
        icon = "title"
        label = _("Heading")
        template = "wagtail_petition/blocks/heading.html"
        description = _("A heading for the blocks that follow.")
        preview_value = _("Why this matters")


class TextBlock(blocks.RichTextBlock):
    """Rich text."""

    class Meta(PreviewMeta):
        icon = "pilcrow"
        label = _("Text")
        template = "wagtail_petition/blocks/text.html"
        description = _("Running text with links and lists.")
        preview_value = _("<p>We ask for <b>three things</b>, and we ask for them now.</p>")


class BodyBlock(blocks.StreamBlock):
    """The blocks of the page below the letter."""

    timeline = TimelineBlock()
    links = LinksBlock()
    heading = HeadingBlock(max_length=120)
    text = TextBlock(features=RICH_TEXT_FEATURES)
    quote = QuoteBlock()
    image = ImageBlock()
    video = VideoBlock()
    action = ActionBlock()
