"""Renditions of images whose files may be missing or broken."""

import logging
from typing import Any

from wagtail.images.models import SourceImageIOError

logger = logging.getLogger("wagtail_petition.images")


def get_rendition(image: Any, spec: str) -> Any:
    """The rendition of ``image`` for a filter spec, or None if its file can't be read."""
    try:
        return image.get_rendition(spec)
    except (SourceImageIOError, OSError) as error:
        logger.warning("The file of image %s can't be read: %s", image.pk, error)
        return None


def read_rendition(image: Any, spec: str) -> bytes | None:
    """The bytes of the rendition, or None if neither it nor the image can be read."""
    for _attempt in range(2):
        rendition = get_rendition(image, spec)
        if rendition is None:
            return None
        try:
            with rendition.file.open("rb") as file:
                return file.read()
        except OSError as error:
            logger.warning("A rendition of image %s can't be read: %s", image.pk, error)
            # The next attempt creates it from the image.
            rendition.delete()
    return None
