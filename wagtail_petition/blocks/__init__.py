"""The StreamField blocks of a petition page. Sites can use them in their own pages too."""

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
