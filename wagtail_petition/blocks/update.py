"""The body of an update."""

from wagtail import blocks

from wagtail_petition.blocks.body import RICH_TEXT_FEATURES, HeadingBlock, TextBlock
from wagtail_petition.blocks.content import ActionBlock, ImageBlock, QuoteBlock, VideoBlock
from wagtail_petition.blocks.links import LinksBlock


class UpdateBodyBlock(blocks.StreamBlock):
    """The blocks of an update. All of them can be read in an email too."""

    text = TextBlock(features=RICH_TEXT_FEATURES)
    heading = HeadingBlock(max_length=120)
    image = ImageBlock()
    quote = QuoteBlock()
    links = LinksBlock()
    video = VideoBlock()
    action = ActionBlock()
