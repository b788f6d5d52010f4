"""Signatures in the admin's search."""

from wagtail.admin.search import SearchArea

from wagtail_petition.access.permissions import policies
from wagtail_petition.models import Signature


class SignaturesSearchArea(SearchArea):
    """Shown to users who may view signatures of any petition."""

    def is_shown(self, request):
        return policies[Signature].user_has_permission(request.user, "view")
