"""Compare the view restrictions of pages: which may be shown to all readers of another."""

from collections import defaultdict
from typing import Any

from wagtail.models import PageViewRestriction


def get_restrictions(page: Any) -> list[PageViewRestriction]:
    """The restrictions of ``page`` and of pages above it."""
    # Checked first, since most sites have no restrictions, and a page's take more queries.
    return list(page.get_view_restrictions()) if _has_restrictions() else []


def open_to_readers_of(other: Any, pages: list) -> list:
    """The pages that everybody who may see ``other`` may see too.

    With ``other=None``, the pages that are open to everybody. The result is the same for all
    visitors, so the page ``other`` can be cached.
    """
    restrictions = {page: get_restrictions(page) for page in pages} if _has_restrictions() else {}
    if not any(restrictions.values()):
        return pages
    met = _conditions(get_restrictions(other)) if other else set()
    return [page for page in pages if _conditions(restrictions[page]) <= met]


def children_open_to_readers_of(other: Any, children: list) -> list:
    """The same for ``children`` of pages that all readers of ``other`` may see.

    Only their own restrictions are compared. Three queries at most, unless some are restricted to
    groups.
    """
    if not children or not _has_restrictions():
        return children
    # An alias has the restrictions of its original.
    original = {child: child.alias_of_id or child.pk for child in children}
    own = defaultdict(list)
    for restriction in PageViewRestriction.objects.filter(page__in=original.values()):
        own[restriction.page_id].append(restriction)
    if not own:
        return children
    met = _conditions(get_restrictions(other))
    return [child for child in children if _conditions(own[original[child]]) <= met]


def _has_restrictions():
    return PageViewRestriction.objects.exists()


def _conditions(restrictions):
    """The restrictions in a comparable form: equal for the same login, password or groups."""
    return {
        (
            each.restriction_type,
            each.password if each.restriction_type == PageViewRestriction.PASSWORD else "",
            frozenset(each.groups.values_list("pk", flat=True))
            if each.restriction_type == PageViewRestriction.GROUPS
            else frozenset(),
        )
        for each in restrictions
    }
