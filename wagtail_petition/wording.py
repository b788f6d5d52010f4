"""What sentences in every language are made of."""

from django.utils.translation import pgettext


def listed(items):
    """``items`` as the active language writes a list: "a, b, c", or in Arabic "a، b، c"."""
    return pgettext("between the items of a list", ", ").join(map(str, items))
