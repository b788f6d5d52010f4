"""Petition pages. Each holds the text of a petition in one language.

Sites import the mixin from ``wagtail_petition.models``, where Django looks for models.
"""

# The data models must be loaded before any module of this package.
import wagtail_petition.models  # noqa: F401
