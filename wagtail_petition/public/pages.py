"""Helpers of public views."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control

from wagtail_petition.conf import settings
from wagtail_petition.pages.mixin import PetitionPageMixin
from wagtail_petition.pages.visibility import depends_on_visitor, visible_page

View = Callable[..., HttpResponseBase]


def public_page(request: HttpRequest, key: UUID) -> PetitionPageMixin:
    """The live page of the petition with ``key``, in the language of ``?language=`` or another.

    Raises ``Http404`` if there is no live page that the visitor may see.
    """
    page = visible_page(request, key, request.GET.get("language"))
    if page is None:
        raise Http404
    return page


def cached(max_age: int, **directives: int) -> Callable[[View], View]:
    """Let shared caches store a view's response, unless it depends on the visitor.

    ``max_age`` is in seconds, ``directives`` are other Cache-Control directives.
    """

    def decorate(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            if depends_on_visitor(request):
                patch_cache_control(response, private=True, no_store=True)
            else:
                patch_cache_control(response, public=True, max_age=max_age, **directives)
            return response

        return wrapped

    return decorate


def render_public(
    request: HttpRequest, name: str, page: PetitionPageMixin, **context: Any
) -> HttpResponse:
    """Render ``wagtail_petition/public/<name>.html`` in the page's language."""
    with translation.override(page.language):
        response = render(
            request,
            f"wagtail_petition/public/{name}.html",
            {"base_template": settings.BASE_TEMPLATE, "page": page, "self": page, **context},
        )
    response["Content-Language"] = page.language
    return response


def noindex(view: View) -> View:
    """Keep a view's page out of search engines, so that they list the petition's page."""

    @wraps(view)
    def wrapped(*args, **kwargs):
        response = view(*args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped
