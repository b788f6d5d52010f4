"""What visitors' browsers may load."""

from django.urls import reverse


def content_security_policy(get_response):
    """Public pages load from this site alone, and run no inline script or style.

    Not for Wagtail's admin, which needs both, nor for an editor's preview within it.
    """

    def middleware(request):
        response = get_response(request)
        is_admin = request.path.startswith(reverse("wagtailadmin_home"))
        if not is_admin and not getattr(request, "is_preview", False):
            response.headers.setdefault("Content-Security-Policy", "default-src 'self'")
        return response

    return middleware
