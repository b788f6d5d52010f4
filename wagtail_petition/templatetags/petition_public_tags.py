"""Template tags for the page's head, sharing, and the list of signers."""

import json
from datetime import timedelta

from django import template
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_petition import addresses
from wagtail_petition.clock import local_time
from wagtail_petition.moments import written_date
from wagtail_petition.pages.mixin import PetitionPageMixin
from wagtail_petition.pages.update import PetitionUpdateMixin
from wagtail_petition.public import share
from wagtail_petition.public.metadata import get_metadata

register = template.Library()

# JSON escapes for characters that could end the script element.
JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.inclusion_tag("wagtail_petition/includes/head.html", takes_context=True)
def petition_head(context):
    """The metadata of a petition or update, for the ``<head>`` of a site's base template.

    Not needed if the base template has a block ``head``, ``extra_head`` or ``extra_css``, which
    our page fills. On other pages it outputs nothing.
    """
    return context


@register.simple_tag(takes_context=True)
def petition_metadata(context):
    """The ``Metadata`` of the current page, or None if it was output before in this request."""
    page, request = context.get("page"), context.get("request")
    if request is None or not isinstance(page, (PetitionPageMixin, PetitionUpdateMixin)):
        return None
    match = request.resolver_match
    is_step = match is not None and match.namespace == "wagtail_petition"
    if is_step or getattr(request, "is_preview", False) or hasattr(request, "_petition_head"):
        return None
    request._petition_head = True
    return get_metadata(page, request)


@register.filter
def json_ld(data):
    """Data as JSON that is safe in a script element."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(JSON_ESCAPES))


@register.simple_tag(takes_context=True)
def share_links(context, page):
    """The links to share ``page``: a list of ``ShareLink``."""
    return share.share_links(page, context.get("request"))


@register.simple_tag(takes_context=True)
def shared_url(context, page, source):
    """The page's URL with ``?source=``."""
    return share.shared_url(page, source, context.get("request"))


@register.simple_tag(takes_context=True)
def signing_link(context, page):
    """A link to the form of ``page``, with the source by which the visitor came; "" if none."""
    request = context.get("request")
    link = addresses.page_link(page, request)
    source = request.GET.get("source") if request else ""
    query = f"?{urlencode({'source': source})}" if source else ""
    return f"{link}{query}#petition-form" if link else ""


@register.simple_tag
def other_updates(update):
    """The newest three updates of the same petition."""
    others = update.petition_page.updates
    return [other for other in others if other.original_key != update.original_key][:3]


@register.simple_tag
def qr_code(address):
    """A URL as a QR code, inline SVG."""
    return share.qr_svg(address)


@register.filter
def short_address(url):
    """A URL without the scheme and the trailing slash, for print."""
    return (url or "").partition("://")[2].rstrip("/")


@register.filter
def ago(moment):
    """How long ago ``moment`` was, as text. It is coarse, because the page may be cached.

    The script replaces it with a more precise text.
    """
    passed = timezone.now() - moment
    if passed < timedelta(hours=1):
        return _("within the last hour")
    if passed < timedelta(days=1):
        hours = passed // timedelta(hours=1)
        return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}
    if passed < timedelta(days=7):
        days = passed.days
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    return written_date(local_time(moment))
