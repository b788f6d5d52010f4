"""The form in an iframe on another site. No other view can be framed."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.templatetags.static import static

from wagtail_petition.conf import settings

EMBED_BASE = "wagtail_petition/public/embed_base.html"


def embedded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate ``view`` for use in a frame: with the bare base template, and framing allowed.

    The decorated view has a URL of its own, so the original stays protected.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        request.petition_embedded = True
        response: Any = view(request, *args, **kwargs)
        response.xframe_options_exempt = True
        response["Content-Security-Policy"] = _policy()
        return response

    return wrapped


def is_embedded(request: HttpRequest) -> bool:
    """Whether the request is for an embedded view."""
    return getattr(request, "petition_embedded", False)


def base_template(request: HttpRequest) -> str:
    """The base template: the site's, or the bare one for an embedded view."""
    return EMBED_BASE if is_embedded(request) else settings.BASE_TEMPLATE


def _policy():
    """The Content-Security-Policy of embedded views. It replaces the site's.

    A second policy could only add restrictions, and the site's may forbid framing. Styles and
    scripts are allowed from the origin of the static files.
    """
    address = urlsplit(static("wagtail_petition/petition.css"))
    own = f"'self' {address.scheme or 'https'}://{address.netloc}" if address.netloc else "'self'"
    return "; ".join(
        [
            f"default-src {own}",
            f"img-src {own} data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {settings.EMBED_ANCESTORS}",
        ]
    )
