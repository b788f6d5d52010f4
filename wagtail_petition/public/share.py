"""Links to share a petition, and its QR code. Nothing is loaded from third parties."""

from typing import NamedTuple
from urllib.parse import quote, urlencode

import segno
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from wagtail_petition import addresses
from wagtail_petition.pages.mixin import PetitionPageMixin

# (source, label, URL, parameters), the most used first. In mailto: URLs, lines end in CRLF (RFC
# 6068).
NETWORKS = (
    ("email", _("Email"), "mailto:?", {"subject": "{title}", "body": "{text}\r\n\r\n{url}"}),
    ("whatsapp", "WhatsApp", "https://wa.me/?", {"text": "{text} {url}"}),
    ("facebook", "Facebook", "https://www.facebook.com/sharer/sharer.php?", {"u": "{url}"}),
    ("x", "X", "https://x.com/intent/post?", {"text": "{text}", "url": "{url}"}),
    ("bluesky", "Bluesky", "https://bsky.app/intent/compose?", {"text": "{text} {url}"}),
    # Mastodon's page asks for the person's server, in the browser only.
    ("mastodon", "Mastodon", "https://share.joinmastodon.org/#", {"text": "{text} {url}"}),
    ("telegram", "Telegram", "https://t.me/share/url?", {"url": "{url}", "text": "{text}"}),
    ("linkedin", "LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?", {"url": "{url}"}),
)


class ShareLink(NamedTuple):
    """A link to share the petition on one network."""

    source: str
    label: str
    url: str


def shared_url(page: PetitionPageMixin, source: str, request: HttpRequest | None = None) -> str:
    """The page's URL with ``?source=``, which the form stores as ``Signature.source``."""
    address = addresses.reachable_url(page, request)
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode({'source': source})}"


def share_links(page: PetitionPageMixin, request: HttpRequest | None = None) -> list[ShareLink]:
    """The links to share ``page``. They need no script."""
    words = {"title": page.title, "text": page.get_share_text()}
    links = []
    for source, label, address, parameters in NETWORKS:
        url = shared_url(page, source, request)
        filled = {name: value.format(url=url, **words) for name, value in parameters.items()}
        links.append(ShareLink(source, str(label), address + urlencode(filled, quote_via=quote)))
    return links


def qr_svg(address: str) -> SafeString:
    """``address`` as a QR code: inline SVG, black on white, with a quiet zone."""
    svg = segno.make(address, micro=False, error="m").svg_inline(
        light="#fff", border=4, omitsize=True, svgclass="petition-qr", lineclass=None
    )
    return mark_safe(svg)
