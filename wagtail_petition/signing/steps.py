"""What every step of signing shares: privacy headers, the site's design, the signer's language."""

from functools import wraps

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from .framing import base_template


class SeeOther(HttpResponseRedirect):
    """What follows a POST: a GET of another address."""

    status_code = 303


def private(view):
    """A step after the page: for one person, not for caches, search engines or referrers.

    Exempt from CSRF checks, because no cookie gives it any power: a step acts on the token in
    its address, and the sign view checks the request's origin itself.
    """

    @csrf_exempt
    @wraps(view)
    def wrapped(*args, **kwargs):
        response = view(*args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


def step(request, name, *, page=None, language=None, status=200, **context):
    """Render the template of a step within the site's design, in the signer's language."""
    language = language or (page.language if page else translation.get_language())
    with translation.override(language):
        response = render(
            request,
            f"wagtail_petition/{name}.html",
            {
                "base_template": base_template(request),
                "page": page,
                "self": page,
                **context,
            },
            status=status,
        )
    response["Content-Language"] = language
    return response


def gone(request, petition=None, language=None):
    """No page of the petition is online any more."""
    return step(request, "gone", language=language, petition=petition, status=410)


def dead_link(request):
    """The link is not one of ours, or what it led to was deleted."""
    return step(request, "dead_link", status=404)
