"""The StreamField blocks of a petition page, free for use in a site's own pages too."""

from .body import BodyBlock
from .people import RecipientBlock, RecipientsBlock, SponsorBlock, SponsorsBlock
from .questions import QuestionsBlock

__all__ = [
    "BodyBlock",
    "QuestionsBlock",
    "RecipientBlock",
    "RecipientsBlock",
    "SponsorBlock",
    "SponsorsBlock",
]
