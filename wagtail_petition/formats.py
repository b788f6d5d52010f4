"""Format lists, numbers, names of languages and URLs for reading."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.utils.formats import number_format
from django.utils.translation import get_language_info, pgettext
from wagtail.coreutils import get_content_languages


def comma() -> str:
    """The separator of list items in the active language: ", ", or in Arabic "، "."""
    return pgettext("between the items of a list", ", ")


def listed(items: Iterable[object]) -> str:
    """``items`` joined to a list in the active language."""
    return comma().join(map(str, items))


def number(value: int) -> str:
    """A whole number in the active language, with separators: 1,284."""
    return number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)


def language_name(code: str) -> str:
    """The name of a language from the site's content languages, or else from Django.

    An unknown code is returned unchanged, since a signature may have a language that the site has
    removed.
    """
    if name := get_content_languages().get(code):
        return name
    try:
        return get_language_info(code)["name_translated"]
    except KeyError:
        return code


def shown_host(url: str | None) -> str:
    """The host of a URL without "www.": ``https://www.justice.gov/x`` gives justice.gov."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
