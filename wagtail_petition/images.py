"""Renditions of images whose files may be missing: lost, on a disk that is away, or no images."""

import logging
from typing import Any

from wagtail.images.models import SourceImageIOError

logger = logging.getLogger("wagtail_petition.images")


def get_rendition(image: Any, spec: str) -> Any:
    """The rendition of ``image`` as ``spec`` says, or None if its file can't be read."""
    try:
        return image.get_rendition(spec)
    except (SourceImageIOError, OSError) as error:
        logger.warning("The file of image %s can't be read: %s", image.pk, error)
        return None


def read_rendition(image: Any, spec: str) -> bytes | None:
    """The bytes of that rendition; None if they can't be read, nor made anew."""
    for _attempt in range(2):
        rendition = get_rendition(image, spec)
        if rendition is None:
            return None
        try:
            with rendition.file.open("rb") as file:
                return file.read()
        except OSError as error:
            logger.warning("A rendition of image %s can't be read: %s", image.pk, error)
            # Made anew from the image itself.
            rendition.delete()
    return None
