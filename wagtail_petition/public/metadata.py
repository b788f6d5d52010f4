"""The metadata of a petition page: URL, languages, card, structured data."""

from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

from django.core.cache import cache
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.http import urlencode
from django.utils.text import Truncator

from wagtail_petition import addresses
from wagtail_petition.images import get_rendition
from wagtail_petition.pages.mixin import PetitionPageMixin

from .card import SIZE, can_draw

DESCRIPTION_LENGTH = 200
ALTERNATES_AGE = 60


class Alternate(NamedTuple):
    """The same petition in another language."""

    language: str
    url: str


class CardImage(NamedTuple):
    """The image shown when the page is shared."""

    url: str
    width: int
    height: int
    alt: str


class Metadata:
    """The metadata of ``page``. With ``request``, it needs no query for the site."""

    def __init__(self, page, request=None):
        self.page = page
        self.request = request

    @cached_property
    def canonical(self):
        """The page's URL, or an alias's original's; "" if it has none."""
        return addresses.page_url(self.page.alias_of or self.page, self.request)

    @cached_property
    def alternates(self):
        """The URLs of all languages of the petition, the first as ``x-default`` too.

        Empty for a petition in one language. Cached for a minute.
        """
        site = urlsplit(self.canonical)
        key = f"wagtail_petition.alternates.{self.page.pk}.{site.scheme}://{site.netloc}"
        return cache.get_or_set(key, self._find_alternates, ALTERNATES_AGE)

    def _find_alternates(self):
        found = [
            Alternate(page.locale.language_code, addresses.page_url(page, self.request))
            for page in self.page.live_translations
        ]
        found = [alternate for alternate in found if alternate.url]
        if len(found) < 2:
            return []
        return [*found, Alternate("x-default", found[0].url)]

    @cached_property
    def title(self):
        """The editor's title for search engines, or the page's title."""
        return self._for_search_engines("seo_title") or self.page.title

    def _for_search_engines(self, name):
        """The value of a field that a site's own base page may lack."""
        return getattr(self.page, name, "")

    @cached_property
    def description(self):
        """The editor's description for search engines, or the introduction or letter as text."""
        page = self.page
        html = page.introduction or page.letter
        text = self._for_search_engines("search_description") or unescape(
            strip_tags(html.replace("</p>", "</p> "))
        )
        return Truncator(" ".join(text.split())).chars(DESCRIPTION_LENGTH)

    @cached_property
    def image(self):
        """The editor's image if its file exists, or the card; None if it can't be drawn."""
        image = self.page.share_image
        if image and (rendition := get_rendition(image, "fill-1200x630")):
            return CardImage(rendition.full_url, rendition.width, rendition.height, rendition.alt)
        if not can_draw(self.page):
            return None
        address = addresses.step_url(
            self.page, "card", self.page.petition_key, request=self.request
        )
        url = f"{address}?{urlencode({'language': self.page.language})}"
        return CardImage(url, *SIZE, alt=self.page.title)

    @cached_property
    def structured_data(self):
        """The page as schema.org data: a WebPage to endorse, since no type for petitions exists."""
        page = self.page
        data = {
            "@context": "https://schema.org",
            "@type": "WebPage",
            "name": page.title,
            "description": self.description,
            "inLanguage": page.language,
            "publisher": {"@type": "Organization", "name": page.get_organisation()},
            "about": [
                {
                    "@type": "Person" if recipient.get("office") else "Thing",
                    "name": recipient["name"],
                    **({"jobTitle": recipient["office"]} if recipient.get("office") else {}),
                }
                for recipient in page.to
                if recipient.get("name")
            ],
            "interactionStatistic": {
                "@type": "InteractionCounter",
                "interactionType": "https://schema.org/EndorseAction",
                "userInteractionCount": page.progress.count,
            },
        }
        if self.canonical:
            data["@id"] = data["url"] = self.canonical
            data["potentialAction"] = {
                "@type": "EndorseAction",
                "target": f"{self.canonical}#petition-form",
            }
        if self.image:
            data["primaryImageOfPage"] = {
                "@type": "ImageObject",
                "url": self.image.url,
                "width": self.image.width,
                "height": self.image.height,
            }
        if page.first_published_at:
            data["datePublished"] = page.first_published_at.isoformat()
        if page.last_published_at:
            data["dateModified"] = page.last_published_at.isoformat()
        return data

    @property
    def link_header(self):
        """The canonical URL and the languages as the value of a ``Link`` header, or ""."""
        links = [f'<{self.canonical}>; rel="canonical"'] if self.canonical else []
        links += [f'<{a.url}>; rel="alternate"; hreflang="{a.language}"' for a in self.alternates]
        return ", ".join(links)


def get_metadata(page, request):
    """The ``Metadata`` of the page that is served, cached on the request."""
    if getattr(request, "_petition_metadata", None) is None:
        request._petition_metadata = Metadata(page, request)
    return request._petition_metadata


def add_link_header(serve):
    """Hook ``on_serve_page``: add a ``Link`` header with the URL and languages of a petition.

    A site's base template only needs a block for the content, so the HTML head may lack them.
    """

    def serve_petition(page, request, args, kwargs):
        response = serve(page, request, args, kwargs)
        is_ours = isinstance(page, PetitionPageMixin) and response.status_code == 200
        if is_ours and (links := get_metadata(page, request).link_header):
            response["Link"] = links
        return response

    return serve_petition
