"""The counts on the list of signatures, loaded by script after the page.

Counting may take longer than the list itself. So the page shows the counts that are stored, and a
script adds the others.
"""

from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from wagtail_petition.access import counting
from wagtail_petition.access.permissions import policies
from wagtail_petition.access.selection import Selection
from wagtail_petition.formats import number
from wagtail_petition.models import Signature

TABS = [
    Signature.Status.CONFIRMED,
    Signature.Status.UNCONFIRMED,
    Signature.Status.INVALIDATED,
    Signature.Status.WITHDRAWN,
]


def short(count):
    """A count as text for a tab."""
    return f"{number(count.number)}{'+' if count.is_more else ''}"


def heading(selection, count):
    """The number of listed signatures as text, for the list's header and footer."""
    shown = number(count.number)
    is_all = selection.is_all
    if selection.asked.keys() - {"petition"} == {"status"} and not selection.words:
        status = selection.asked["status"]
        if status == Signature.Status.CONFIRMED:
            return _("%(count)s confirmed") % {"count": shown}
    if count.is_more:
        text = _("More than %(count)s signatures") if is_all else _("More than %(count)s matches")
    elif is_all:
        text = ngettext("%(count)s signature", "%(count)s signatures", count.number)
    else:
        text = ngettext("There is %(count)s match", "There are %(count)s matches", count.number)
    return text % {"count": shown}


class CountsView(View):
    """The counts of all tabs and of the current list, as JSON."""

    def get(self, request):
        if not policies[Signature].user_has_permission(request.user, "view"):
            raise Http404
        selection = Selection(request.user, request.GET)
        counts = counting.by_status(selection)
        shown = counts[selection.asked.get("status", "")]
        return JsonResponse(
            {
                "heading": heading(selection, shown),
                "tabs": {status: short(count) for status, count in counts.items()},
            }
        )
