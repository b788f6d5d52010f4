"""The StreamField blocks of a petition page, free for use in a site's own pages too."""

from .body import BodyBlock
from .people import RecipientBlock, RecipientsBlock, SponsorBlock, SponsorsBlock
from .questions import QuestionsBlock
from .teaser import PetitionTeaserBlock

__all__ = [
    "BodyBlock",
    "PetitionTeaserBlock",
    "QuestionsBlock",
    "RecipientBlock",
    "RecipientsBlock",
    "SponsorBlock",
    "SponsorsBlock",
]
