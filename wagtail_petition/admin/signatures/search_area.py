"""Signatures among the places that Wagtail's search looks in."""

from wagtail.admin.search import SearchArea

from wagtail_petition.access.permissions import policies
from wagtail_petition.models import Signature


class SignaturesSearchArea(SearchArea):
    """Shown to who may see signatures of some petition."""

    def is_shown(self, request):
        return policies[Signature].user_has_permission(request.user, "view")
