"""The page of a petition: what editors write, in one language each.

A site imports the mixin from ``wagtail_petition.models``, where Django looks for models.
"""

# Data models first: Django loads them by this name, whoever asks for a page before that.
import wagtail_petition.models  # noqa: F401
