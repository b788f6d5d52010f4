"""The languages of a page: its own, its live translations, and who may see them."""

import functools
import time
from typing import TYPE_CHECKING, Any
from uuid import UUID

import swapper
from django.db import models
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import cached_property
from wagtail.models import Locale, Page, Site

from wagtail_petition import addresses
from wagtail_petition.pages.restrictions import open_to_readers_of


def original_key(page: Page) -> UUID:
    """The key that translations of ``page`` share, whatever its type. An alias has its original's."""
    while page.alias_of_id:
        page = page.alias_of
    return page.translation_key


@functools.lru_cache(maxsize=256)
def _keep_language(locale_id, minute):
    return Locale.objects.get(pk=locale_id).language_code


def forget_languages() -> None:
    """Forget the languages of locales that this process keeps in memory."""
    _keep_language.cache_clear()


class PageLanguages(models.Model):
    """What petition pages and update pages have in common. Each page is in one language.

    A model, because migrations of sites would name the module of any other base class.
    """

    if TYPE_CHECKING:
        # Attributes of the page type.
        pk: int | None
        alias_of: Any
        alias_of_id: int | None
        locale: Any
        locale_id: int | None
        translation_key: UUID

    class Meta:
        abstract = True

    @property
    def language(self) -> str:
        """The page's language code. For a page without a locale yet, the active language.

        Every visit of a page asks for it, and it hardly ever changes. So it is kept in this
        process until a locale is saved here, or for a minute.
        """
        if not self.locale_id:
            return translation.get_language()
        if "locale" in self._state.fields_cache:
            return self.locale.language_code
        return _keep_language(self.locale_id, int(time.monotonic() // 60))

    @property
    def original_key(self) -> UUID:
        """The key that the page's translations share. An alias has its original's."""
        return original_key(self)

    def get_site(self) -> Site | None:
        """The page's site. Cached, since an email needs it often."""
        return self._site

    @cached_property
    def _site(self) -> Site | None:
        return super().get_site()

    @cached_property
    def live_translations(self) -> list:
        """The live pages of this one in all languages, including this one, the source first.

        They are instances of the base page, for title, URL and locale. Aliases, and pages that
        not all readers of this page may see, are left out.
        """
        if self.pk is None:
            return []
        pages = (
            swapper.load_model("wagtailcore", "Page")
            .objects.live()
            .filter(translation_key=self.original_key, alias_of=None)
            .select_related("locale")
            .only(
                *("title", "slug", "url_path", "translation_key", "locale"),
                *("path", "depth", "alias_of"),
            )
            .order_by("pk")
        )
        return open_to_readers_of(self, list(pages))

    def is_open_to_readers_of(self, other: Any) -> bool:
        """Whether everybody who may see ``other`` may see this page too."""
        return open_to_readers_of(other, [self]) == [self]

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Adds the translations: Wagtail's sitemap lists only the site's main language."""
        urls = super().get_sitemap_urls(request)
        for url in urls:
            url["alternates"] = [
                {"location": address, "lang_code": page.locale.language_code}
                for page in self.live_translations
                if (address := addresses.page_url(page, request))
            ]
        return urls
