"""How many signatures the list has, asked for by the page once it is there.

Counting may take longer than the list itself: so the page shows what is known at once, and a
script fills in the rest.
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
    """A count as it stands on a tab."""
    return f"{number(count.number)}{'+' if count.is_more else ''}"


def heading(selection, count):
    """How many signatures the list shows, in words, for its head and foot."""
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
    """The numbers of all tabs, and of the list that is shown, as JSON."""

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
