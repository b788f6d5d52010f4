"""Kept under this name because migrations of sites import it."""

from wagtail_petition.pages.previews import PetitionPreviews

__all__ = ["PetitionPreviews"]
