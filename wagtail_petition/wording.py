"""What sentences in every language are made of."""

from django.utils.translation import pgettext


def comma():
    """What stands between the items of a list in the active language: ", ", or in Arabic "، "."""
    return pgettext("between the items of a list", ", ")


def listed(items):
    """``items`` as the active language writes a list."""
    return comma().join(map(str, items))
