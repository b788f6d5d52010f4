"""The page that a public view is about, and what such views share."""

from functools import wraps

from django.http import Http404
from django.shortcuts import render
from django.utils import translation

from wagtail_petition.conf import settings
from wagtail_petition.models.page import find_page


def public_page(request, key):
    """The live page of the petition with ``key``, in the language of ``?language=``.

    Any language of the petition serves where that one is missing. Raises Http404 if no page is
    online, or if the site shows it to some people only.
    """
    page = find_page(key, request.GET.get("language"))
    if page is None or page.get_view_restrictions().exists():
        raise Http404
    return page


def render_public(request, name, page, **context):
    """Render ``wagtail_petition/public/<name>.html`` in the page's language."""
    with translation.override(page.language):
        response = render(
            request,
            f"wagtail_petition/public/{name}.html",
            {"base_template": settings.BASE_TEMPLATE, "page": page, "self": page, **context},
        )
    response["Content-Language"] = page.language
    return response


def noindex(view):
    """For readers, not for search engines: the petition's page is what they should find."""

    @wraps(view)
    def wrapped(*args, **kwargs):
        response = view(*args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped
