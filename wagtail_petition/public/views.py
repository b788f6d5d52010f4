"""Read-only views for everybody: cacheable, no cookie, no personal data."""

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from wagtail_petition.models.petition import Petition


@require_GET
@cache_control(public=True, max_age=10, stale_while_revalidate=60)
def count(request, key):
    """``{"count": 1284}``: how many have signed, for any site to show."""
    petition = get_object_or_404(Petition.objects.only("signature_count", "offline_count"), key=key)
    response = JsonResponse({"count": petition.total_count})
    response["Access-Control-Allow-Origin"] = "*"
    return response
