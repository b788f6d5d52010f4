"""The regions of a country, for the form."""

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from wagtail_petition.home.residence import get_residence_scheme

from .pages import cached


@require_safe
@cached(max_age=24 * 60 * 60)
def regions(request: HttpRequest, country: str, language: str) -> JsonResponse:
    """A country's regions as ``{"prompt": …, "regions": [{"code": …, "name": …}, …]}``.

    In the order and the language of the form, also for other sites. The list is empty if the
    country's regions aren't known: people type theirs. 404 for a language that Django doesn't know.
    """
    if not translation.check_for_language(language):
        raise Http404
    scheme = get_residence_scheme(country)
    with translation.override(language):
        names = scheme.get_names() if scheme else {}
        response = JsonResponse(
            {
                "prompt": str(scheme.region_prompt) if scheme else "",
                "regions": [{"code": code, "name": name} for code, name in names.items()],
            }
        )
    response["Access-Control-Allow-Origin"] = "*"
    return response
