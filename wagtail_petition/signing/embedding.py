"""The form in an iframe on somebody else's site: the only thing here that may be framed."""

from functools import wraps
from urllib.parse import urlsplit

from django.templatetags.static import static

from wagtail_petition.conf import settings

EMBED_BASE = "wagtail_petition/public/embed_base.html"


def embedded(view):
    """``view`` for within a frame: in a base without the site's chrome, and allowed to be framed.

    A view is framed on its own URL, so that the same view stays protected on the site itself.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        request.petition_embedded = True
        response = view(request, *args, **kwargs)
        response.xframe_options_exempt = True
        response["Content-Security-Policy"] = _policy()
        return response

    return wrapped


def is_embedded(request):
    """Whether this is shown within a frame."""
    return getattr(request, "petition_embedded", False)


def base_template(request):
    """What the templates of a page or step extend: the site's base, or the frame's bare one."""
    return EMBED_BASE if is_embedded(request) else settings.BASE_TEMPLATE


def _policy():
    """A policy of the frame's own, because two policies only add up to a stricter one: the site's
    may forbid all framing. Style and script come from where the site's static files are."""
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
