"""The metadata of petition pages and updates: URL, languages, card, structured data."""

from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.core.cache import cache
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.http import urlencode
from django.utils.text import Truncator

from wagtail_petition import addresses
from wagtail_petition.images import get_rendition
from wagtail_petition.pages.mixin import PetitionPageMixin
from wagtail_petition.pages.update import PetitionUpdateMixin

from .card import SIZE, can_draw
from .updates import feed_url

DESCRIPTION_LENGTH = 200
ALTERNATES_AGE = 60
CARD_FORMAT = "fill-1200x630"


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


class PageMetadata:
    """The metadata that all our pages have. With ``request``, it needs no query for the site."""

    kind = "website"

    def __init__(self, page, request=None):
        self.page = page
        self.request = request

    @cached_property
    def canonical(self) -> str:
        """The page's URL, or an alias's original's; "" if it has none."""
        return addresses.page_url(self.page.alias_of or self.page, self.request)

    @cached_property
    def alternates(self) -> list[Alternate]:
        """The URLs of all languages of the page, the first as ``x-default`` too.

        Empty for a page in one language. Cached for a minute.
        """
        site = urlsplit(self.canonical)
        key = f"wagtail_petition.alternates.{self.page.pk}.{site.scheme}://{site.netloc}"
        return cache.get_or_set(key, self._find_alternates, ALTERNATES_AGE) or []

    def _find_alternates(self) -> list[Alternate]:
        found = [
            Alternate(page.locale.language_code, addresses.page_url(page, self.request))
            for page in self.page.live_translations
        ]
        found = [alternate for alternate in found if alternate.url]
        if len(found) < 2:
            return []
        return [*found, Alternate("x-default", found[0].url)]

    @cached_property
    def title(self) -> str:
        """The editor's title for search engines, or the page's title."""
        return self._for_search_engines("seo_title") or self.page.title

    def _for_search_engines(self, name: str) -> str:
        """The value of a field that a site's own base page may lack."""
        return getattr(self.page, name, "")

    @cached_property
    def description(self) -> str:
        """The editor's description for search engines, or the beginning of the page's text."""
        text = self._for_search_engines("search_description") or self._get_text()
        return Truncator(" ".join(text.split())).chars(DESCRIPTION_LENGTH)

    def _get_text(self) -> str:
        """The page's text, to describe it."""
        raise NotImplementedError

    def _describe(self) -> dict[str, Any]:
        """The schema.org data of this kind of page."""
        raise NotImplementedError

    @cached_property
    def structured_data(self) -> dict[str, Any]:
        """The page as schema.org data."""
        page = self.page
        data = {
            "@context": "https://schema.org",
            "inLanguage": page.language,
            "description": self.description,
            "publisher": {"@type": "Organization", "name": page.get_organisation()},
            **self._describe(),
        }
        if self.canonical:
            data["@id"] = data["url"] = self.canonical
        if page.last_published_at:
            data["dateModified"] = page.last_published_at.isoformat()
        return data

    @property
    def link_header(self) -> str:
        """The canonical URL and the languages as the value of a ``Link`` header, or ""."""
        links = [f'<{self.canonical}>; rel="canonical"'] if self.canonical else []
        links += [f'<{a.url}>; rel="alternate"; hreflang="{a.language}"' for a in self.alternates]
        return ", ".join(links)


class Metadata(PageMetadata):
    """The metadata of a petition's page."""

    def _get_text(self) -> str:
        html = self.page.introduction or self.page.letter
        return unescape(strip_tags(html.replace("</p>", "</p> ")))

    @cached_property
    def image(self) -> CardImage | None:
        """The editor's image if its file exists, or the card; None if it can't be drawn."""
        image = self.page.share_image
        if image and (rendition := get_rendition(image, CARD_FORMAT)):
            return CardImage(rendition.full_url, rendition.width, rendition.height, rendition.alt)
        if not can_draw(self.page):
            return None
        address = addresses.step_url(
            self.page, "card", self.page.petition_key, request=self.request
        )
        url = f"{address}?{urlencode({'language': self.page.language})}"
        return CardImage(url, *SIZE, alt=self.page.title)

    @cached_property
    def feed(self) -> str:
        """The URL of the petition's feed; "" without updates."""
        return feed_url(self.page, self.request) if self.page.updates else ""

    def _describe(self) -> dict[str, Any]:
        # A page to endorse, since schema.org has no type for petitions.
        page = self.page
        data = {
            "@type": "WebPage",
            "name": page.title,
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
        return data


class UpdateMetadata(PageMetadata):
    """The metadata of an update."""

    kind = "article"

    @cached_property
    def petition(self) -> Metadata | None:
        """The metadata of the petition's page, if that is live; else None."""
        above = self.page.petition_page
        return Metadata(above, self.request) if above and above.live else None

    def _get_text(self) -> str:
        return self.page.summary

    @cached_property
    def image(self) -> CardImage | None:
        """The update's image if its file exists, or else the petition's."""
        image = self.page.image
        if image and (rendition := get_rendition(image, CARD_FORMAT)):
            alt = self.page.image_alt_text or rendition.alt
            return CardImage(rendition.full_url, rendition.width, rendition.height, alt)
        return self.petition.image if self.petition else None

    @cached_property
    def feed(self) -> str:
        """The URL of the petition's feed."""
        return feed_url(self.petition.page, self.request) if self.petition else ""

    def _describe(self) -> dict[str, Any]:
        data = {
            "@type": "NewsArticle",
            "headline": self.page.title,
            "datePublished": self.page.date.isoformat(),
        }
        if self.petition and self.petition.canonical:
            data["about"] = {"@type": "WebPage", "@id": self.petition.canonical}
        if self.image:
            data["image"] = self.image.url
        return data


def get_metadata(page: PetitionPageMixin | PetitionUpdateMixin, request: Any) -> PageMetadata:
    """The metadata of the page that is served, cached on the request."""
    if getattr(request, "_petition_metadata", None) is None:
        kind = UpdateMetadata if isinstance(page, PetitionUpdateMixin) else Metadata
        request._petition_metadata = kind(page, request)
    return request._petition_metadata


def add_link_header(serve):
    """Hook ``on_serve_page``: add a ``Link`` header with the URL and languages of our pages.

    A site's base template only needs a block for the content, so the HTML head may lack them.
    """

    def serve_petition(page, request, args, kwargs):
        response = serve(page, request, args, kwargs)
        is_ours = (
            isinstance(page, (PetitionPageMixin, PetitionUpdateMixin))
            and response.status_code == 200
        )
        if is_ours and (links := get_metadata(page, request).link_header):
            response["Link"] = links
        return response

    return serve_petition
