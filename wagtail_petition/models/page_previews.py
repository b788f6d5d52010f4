"""The name under which migrations of sites know the previews of a petition page."""

from wagtail_petition.pages.previews import PetitionPreviews

__all__ = ["PetitionPreviews"]
