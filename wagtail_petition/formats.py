"""What sentences in every language are made of: lists, numbers, and what languages are called."""

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import get_language_info, pgettext
from wagtail.coreutils import get_content_languages


def comma() -> str:
    """What stands between the items of a list in the active language: ", ", or in Arabic "، "."""
    return pgettext("between the items of a list", ", ")


def listed(items: Iterable[object]) -> str:
    """``items`` as the active language writes a list."""
    return comma().join(map(str, items))


def number(value: int) -> str:
    """A whole number in the reader's language: 1,284."""
    return number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)


def language_name(code: str) -> str:
    """A language as the site calls it, and Wagtail's admin; one of others as Django does.

    A code that neither knows is returned as it is: a signature keeps its language for good.
    """
    if name := get_content_languages().get(code):
        return name
    try:
        return get_language_info(code)["name_translated"]
    except KeyError:
        return code
